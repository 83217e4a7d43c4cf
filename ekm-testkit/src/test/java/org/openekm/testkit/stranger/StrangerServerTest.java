// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.stranger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.KeyReference;
import org.openekm.testkit.oci.OAuthApp;
import org.openekm.testkit.oci.OciCaller;
import org.openekm.testkit.oci.OciCiphertext;
import org.openekm.testkit.oci.TokenSource;

class StrangerServerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Bytes AAD = Bytes.copyOf("volume-7".getBytes(UTF_8));

  @TempDir private Path directory;

  @Test
  void start_realProcess_behavesAsAVendorShould() throws Exception {
    Optional<String> python = StrangerServer.python();
    if (python.isEmpty()) {
      System.out.println("Skipped: no Python with cryptography. Install python3-cryptography.");
    }
    assumeTrue(python.isPresent(), "needs python3-cryptography");
    TestCertificates ca = TestCertificates.create();
    try (FakeIdentityDomain domain = FakeIdentityDomain.start()) {
      OAuthApp client =
          domain.addClientApp("Client", domain.addResourceApp("Vendor", "https://127.0.0.1/"));
      DomainFacts facts = DomainFacts.of(domain, client);
      try (StrangerServer server =
          StrangerServer.start(python.get(), facts, ca.server(), directory)) {
        OciCaller caller = caller(server, ca, () -> domain.token(client).serialize());
        assertWorks(caller, server);
        OciCaller late =
            caller(server, ca, () -> domain.token(client).withoutClaim("exp").serialize());
        assertThat(late.getVaultMetadata().response().status()).isEqualTo(401);
      }
    }
  }

  private static void assertWorks(OciCaller caller, StrangerServer server) throws Exception {
    KeyReference key = KeyReference.latest(server.keyId());
    SecretBytes hello = SecretBytes.copyOf("hello".getBytes(UTF_8));
    assertThat(caller.getVaultMetadata().orThrow().state()).isEqualTo("ACTIVE");
    OciCiphertext made = caller.encrypt(key, hello, AAD).orThrow();
    assertThat(caller.decrypt(key, made, AAD).orThrow()).isEqualTo(hello);
    assertThat(caller.decrypt(key, made, Bytes.empty()).response().status()).isEqualTo(400);
    KeyReference other = KeyReference.latest(server.otherKeyId());
    assertThat(caller.decrypt(other, made, AAD).response().status()).isEqualTo(404);
    assertThat(caller.generateRandomBytes(key, 24, AAD).orThrow().plaintext().length())
        .isEqualTo(24);

    assertThat(server.act("keys/" + key.keyId() + "/rotate")).isEqualTo(200);
    assertThat(caller.getKeyMetadata(key.keyId()).orThrow().keyVersionId())
        .isNotEqualTo(made.keyVersionId());
    assertThat(caller.decrypt(key, made, AAD).orThrow()).isEqualTo(hello);
    assertThat(server.act("keys/" + key.keyId() + "/block")).isEqualTo(200);
    assertThat(caller.decrypt(key, made, AAD).response().status()).isEqualTo(403);
    assertThat(server.act("vault/block")).isEqualTo(200);
    assertThat(caller.getVaultMetadata().response().status()).isEqualTo(403);
  }

  private static OciCaller caller(StrangerServer server, TestCertificates ca, TokenSource tokens) {
    return OciCaller.builder(server.vaultUrl(), tokens)
        .trust(ca.clientContext())
        .connectTimeout(PATIENCE)
        .readTimeout(PATIENCE)
        .retries(0)
        .build();
  }
}
