// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.http.Fault;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.TestCertificates;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OciCallerTest {

  private static final KeyReference KEY = KeyReference.latest(StandInVendor.KEY);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Bytes NO_AAD = Bytes.empty();

  @TempDir private static Path directory;
  private final TestCertificates ca = TestCertificates.create();
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T12:00:00Z"));
  private FakeIdentityDomain domain;
  private OAuthApp clientApp;
  private StandInVendor vendor;
  private OciCaller caller;

  @BeforeAll
  void start() {
    domain = FakeIdentityDomain.builder().clock(clock).tls(ca.server()).start();
    vendor = new StandInVendor(domain, ca.server(), directory);
    OAuthApp resourceApp =
        domain.addResourceApp("Resource_App", vendor.vaultUrl().resolve("/") + "");
    clientApp = domain.addClientApp("Client_App", resourceApp);
  }

  @AfterAll
  void stop() {
    vendor.close();
    domain.close();
  }

  @BeforeEach
  void newCaller() {
    caller = patient(credentials());
    vendor.seen().clear();
    vendor.block(false);
    domain.recover();
  }

  @Test
  void getVaultMetadata_realToken_readsVault() {
    assertThat(caller.getVaultMetadata().orThrow())
        .isEqualTo(new OciVault(StandInVendor.VAULT, "OCI", "ACTIVE"));
  }

  @Test
  void getKeyMetadata_thenOfThatVersion_agree() {
    OciKey key = caller.getKeyMetadata(StandInVendor.KEY).orThrow();

    assertThat(key.lengthBytes()).isEqualTo(32);
    assertThat(caller.getKeyVersionMetadata(key.keyId(), key.keyVersionId()).orThrow())
        .isEqualTo(key);
  }

  @Test
  void encrypt_decrypt_givesThePlaintextBack() {
    Bytes aad = Bytes.copyOf("where it belongs".getBytes(UTF_8));
    SecretBytes plaintext = SecretBytes.copyOf("hello".getBytes(UTF_8));
    OciCiphertext ciphertext = caller.encrypt(KEY, plaintext, aad).orThrow();

    assertThat(ciphertext.iv().length()).isEqualTo(12);
    assertThat(ciphertext.tag().length()).isEqualTo(16);
    assertThat(caller.decrypt(KEY, ciphertext, aad).orThrow()).isEqualTo(plaintext);
    assertThat(caller.decrypt(KEY, ciphertext, NO_AAD).response().status()).isEqualTo(400);
  }

  @Test
  void encrypt_pinnedReference_usesThatVersion() {
    String old = caller.getKeyMetadata(StandInVendor.KEY).orThrow().keyVersionId();
    vendor.rotate();
    SecretBytes plaintext = SecretBytes.copyOf(new byte[] {1});

    assertThat(caller.encrypt(KEY.pinnedTo(old), plaintext, NO_AAD).orThrow().keyVersionId())
        .isEqualTo(old);
    assertThat(caller.encrypt(KEY, plaintext, NO_AAD).orThrow().keyVersionId()).isNotEqualTo(old);
  }

  @Test
  void generateRandomBytes_vendorSeals_givesBoth() {
    OciRandomBytes made = caller.generateRandomBytes(KEY, 24, NO_AAD).orThrow();

    assertThat(made.plaintext().length()).isEqualTo(24);
    assertThat(caller.decrypt(KEY, made.encrypted().orElseThrow(), NO_AAD).orThrow())
        .isEqualTo(made.plaintext());
  }

  @Test
  void anyCall_onTheWire_looksLikeOci() {
    caller.getVaultMetadata();

    assertThat(vendor.seen())
        .singleElement()
        .satisfies(
            headers -> {
              assertThat(headers.get("authorization")).startsWith("Bearer ey");
              assertThat(headers.get("content-type")).isEqualTo("application/json");
              assertThat(headers.get("opc-request-id")).matches("[0-9a-f]{32}/[0-9a-f]{32}");
            });
  }

  @Test
  void anyCall_serverErrorOnce_isRetriedOnceWithTheSameRequestId() {
    vendor.next(answer -> answer.withStatus(503));
    OciResponse response = caller.getVaultMetadata().response();

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.attempts()).isEqualTo(2);
    assertThat(vendor.seen())
        .extracting(headers -> headers.get("opc-request-id"))
        .containsExactly(response.requestId(), response.requestId());
  }

  @Test
  void anyCall_serverErrorTwice_givesUp() {
    vendor.next(answer -> answer.withStatus(503));
    vendor.next(answer -> answer.withStatus(500));
    OciResponse response = caller.getVaultMetadata().response();

    assertThat(response.status()).isEqualTo(500);
    assertThat(response.attempts()).isEqualTo(2);
  }

  @Test
  void anyCall_connectionBroken_isRetried() {
    vendor.next(answer -> answer.withFault(Fault.CONNECTION_RESET_BY_PEER));

    assertThat(caller.getVaultMetadata().response().status()).isEqualTo(200);
  }

  @Test
  void anyCall_clientError_isNotRetried() {
    OciResponse response = caller.getKeyMetadata("unknown").response();

    assertThat(response.status()).isEqualTo(404);
    assertThat(response.attempts()).isEqualTo(1);
  }

  @Test
  void anyCall_slowTwice_timesOutAfterTwoSeconds() {
    vendor.next(answer -> answer.withFixedDelay(1500));
    vendor.next(answer -> answer.withFixedDelay(1500));
    OciResponse response = builder(credentials()).build().getVaultMetadata().response();

    assertThat(response.status()).isZero();
    assertThat(response.failure()).contains("no answer within 1000 ms");
    assertThat(response.attempts()).isEqualTo(2);
    assertThat(response.elapsed()).isBetween(Duration.ofMillis(1990), Duration.ofSeconds(20));
  }

  @Test
  void anyCall_bodyDribbles_timesOutToo() {
    OciCaller impatient = builder(credentials()).retries(0).build();
    vendor.next(answer -> answer.withChunkedDribbleDelay(10, 3000));
    OciResponse response = impatient.getVaultMetadata().response();

    assertThat(response.failure()).contains("no answer within 1000 ms");
  }

  @Test
  void anyCall_answerThatMakesNoSense_hasNoValue() {
    vendor.next(answer -> answer.withBody("{}"));
    OciResult<OciVault> result = caller.getVaultMetadata();

    assertThat(result.response().isSuccess()).isTrue();
    assertThat(result.value()).isEmpty();
    assertThatThrownBy(result::orThrow).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anyCall_certificateOfAnotherAuthority_isNoAnswerAndNotRetried() {
    OciCaller distrustful =
        OciCaller.builder(vendor.vaultUrl(), credentials())
            .trust(TestCertificates.create().clientContext())
            .build();
    OciResponse response = distrustful.getVaultMetadata().response();

    assertThat(response.status()).isZero();
    assertThat(response.failure().orElseThrow()).startsWith("TLS failed");
    assertThat(response.attempts()).isEqualTo(1);
    assertThat(vendor.seen()).isEmpty();
  }

  @Test
  void anyCall_nobodyListens_isConnectionRefused() throws Exception {
    FakeIdentityDomain gone = FakeIdentityDomain.start();
    gone.close();
    OciCaller lost = OciCaller.builder(gone.url(), TokenSource.fixed("x")).build();

    assertThat(lost.getVaultMetadata().response().failure()).contains("connection refused");
  }

  @Test
  void token_whileItLives_isFetchedOnce() {
    int before = domain.requests(DomainEndpoint.TOKEN);
    caller.getVaultMetadata();
    clock.advance(Duration.ofMinutes(58));
    caller.getVaultMetadata();

    assertThat(domain.requests(DomainEndpoint.TOKEN) - before).isEqualTo(1);
  }

  @Test
  void token_shortlyBeforeItsEnd_isRefreshed() {
    int before = domain.requests(DomainEndpoint.TOKEN);
    caller.getVaultMetadata();
    clock.advance(Duration.ofMinutes(59).plusSeconds(1));
    caller.getVaultMetadata();

    assertThat(domain.requests(DomainEndpoint.TOKEN) - before).isEqualTo(2);
  }

  @Test
  void token_domainRefuses_callFailsWithoutReachingTheVendor() {
    OciCaller wrong = patient(credentials(clientApp.withSecret("wrong")));
    OciResponse response = wrong.getVaultMetadata().response();

    assertThat(response.failure())
        .contains("the identity domain answered 401 to the token request");
    assertThat(vendor.seen()).isEmpty();
  }

  @Test
  void token_forged_isRefusedByTheVendor() {
    String forged = domain.token(clientApp).signedBy(TokenSigner.none()).serialize();

    assertThat(patient(TokenSource.fixed(forged)).getVaultMetadata().response().status())
        .isEqualTo(401);
  }

  @Test
  void toString_answerWithPlaintext_isRedacted() {
    OciResult<OciRandomBytes> result = caller.generateRandomBytes(KEY, 32, NO_AAD);

    assertThat(result.response().body()).contains("\"plaintext\"");
    assertThat(result.toString()).contains("\"plaintext\":\"[redacted]\"");
  }

  @Test
  void caBundle_pemFile_isTrusted() {
    Path pem = ca.writeCaPem(directory.resolve("ca.pem"));
    OciCaller withBundle = builder(credentials()).caBundle(pem).readTimeout(PATIENCE).build();

    assertThat(withBundle.getVaultMetadata().response().status()).isEqualTo(200);
  }

  @Test
  void caBundle_emptyFile_isRefused() throws Exception {
    Path empty = Files.createFile(directory.resolve("empty.pem"));

    assertThatThrownBy(() -> CaBundle.read(empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty.pem");
  }

  private ClientCredentials credentials() {
    return credentials(clientApp);
  }

  private ClientCredentials credentials(OAuthApp app) {
    HttpClient http = HttpClient.newBuilder().sslContext(ca.clientContext()).build();
    return new ClientCredentials(http, domain.tokenUrl(), app, clock);
  }

  private OciCaller.Builder builder(TokenSource tokens) {
    return OciCaller.builder(vendor.vaultUrl(), tokens).trust(ca.clientContext());
  }

  /** With time to spare, so that a busy machine does not fail tests of other things. */
  private OciCaller patient(TokenSource tokens) {
    return builder(tokens).connectTimeout(PATIENCE).readTimeout(PATIENCE).build();
  }
}
