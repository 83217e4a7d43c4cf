// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.testkit.fake.RecordingListener;
import org.openekm.testkit.fake.TestKeys;

/** Which published keys count, which of them checks a token, and what a change of keys does. */
class JwkSelectionTest {

  private AuthFixture auth;

  @BeforeEach
  void start() throws IOException {
    auth = AuthFixture.ready();
  }

  @AfterEach
  void stop() {
    auth.close();
  }

  private void publishNow(String... jwks) {
    auth.publish(jwks);
    auth.refetch();
  }

  private String headed(String members, KeyPair keys) {
    return auth.token().header("{\"alg\":\"RS256\"" + members + "}").signedBy(keys);
  }

  @Test
  void verify_constantKeyIdOnTwoKeys_triesEach() {
    publishNow(TokenForge.jwk(TokenForge.B), TokenForge.jwk(TokenForge.A));
    auth.assertAccepted(auth.token().signedBy(TokenForge.A));
    auth.assertAccepted(auth.token().signedBy(TokenForge.B));
    assertThat(auth.refusal(auth.token().signedBy(TokenForge.ATTACKER))).contains("signature");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x5t#S256", "x5t", "kid"})
  void verify_hintThatFitsOneKey_letsOnlyThatKeySign(String hint) {
    publishNow(
        TokenForge.jwk(TokenForge.A, "\"" + hint + "\":\"a\""),
        TokenForge.jwk(TokenForge.B, "\"" + hint + "\":\"b\""));
    auth.assertAccepted(headed(",\"" + hint + "\":\"a\"", TokenForge.A));
    auth.assertAccepted(headed(",\"" + hint + "\":\"b\"", TokenForge.B));
    assertThat(auth.refusal(headed(",\"" + hint + "\":\"a\"", TokenForge.B))).contains("signature");
  }

  @Test
  void verify_hints_countInTheOrderOfTheirStrength() {
    publishNow(
        TokenForge.jwk(TokenForge.A, "\"x5t#S256\":\"s\",\"x5t\":\"1\",\"kid\":\"k\""),
        TokenForge.jwk(TokenForge.B, "\"x5t\":\"t\",\"kid\":\"k\""));
    auth.assertAccepted(headed(",\"x5t#S256\":\"s\",\"x5t\":\"t\",\"kid\":\"k\"", TokenForge.A));
    auth.assertAccepted(headed(",\"x5t#S256\":\"?\",\"x5t\":\"t\",\"kid\":\"k\"", TokenForge.B));
    assertThat(auth.refusal(headed(",\"x5t#S256\":\"s\",\"x5t\":\"t\"", TokenForge.B)))
        .contains("signature");
  }

  @Test
  void verify_hintsThatFitNoKey_tryAllKeys() {
    publishNow(TokenForge.jwk(TokenForge.B, "\"kid\":\"b\""), TokenForge.jwk(TokenForge.A, ""));
    auth.assertAccepted(headed("", TokenForge.A));
    auth.assertAccepted(headed(",\"kid\":\"unheard\",\"x5t\":\"unheard\"", TokenForge.B));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"key_ops\":[\"encrypt\",\"sign\"]",
        "\"use\":\"enc\"",
        "\"key_ops\":[]",
        "\"x5c\":[\"MIIB\"],\"unknown\":{\"a\":[1]}"
      })
  void verify_keyPublishedAsIdentityDomainsDo_isUsedWhateverItsUse(String members) {
    publishNow(TokenForge.jwk(TokenForge.A, members));
    auth.assertAccepted(auth.token().signed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PS256", "PS512", "RS512", "RSA-OAEP", "HS256", "none", "rs256"})
  void verify_keyForAnotherAlgorithm_isNotUsed(String alg) {
    publishNow(TokenForge.jwk(TokenForge.A, "\"alg\":\"" + alg + "\""));
    assertThat(auth.refusal(auth.token().signed())).contains("signature");
  }

  @Test
  void verify_keyOf1024Bits_isNotUsed() {
    KeyPair weak = TestKeys.newRsa(1024);
    publishNow(TokenForge.jwk(weak), TokenForge.jwk(TokenForge.A));
    assertThat(auth.refusal(auth.token().signedBy(weak))).contains("signature");
    auth.assertAccepted(auth.token().signed());
    assertThat(auth.listener.warnings())
        .extracting(RecordingListener.Warning::text)
        .anyMatch(text -> text.contains("2048"));
  }

  @Test
  void verify_keyWithExponentOne_isNotUsed() {
    BigInteger modulus = ((RSAPublicKey) TokenForge.A.getPublic()).getModulus();
    String n = TokenForge.encode(modulus.toByteArray());
    publishNow("{\"kty\":\"RSA\",\"n\":\"" + n + "\",\"e\":\"AQ\"}");
    assertThat(auth.refusal(auth.token().signed())).contains("signature");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
        "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}",
        "{\"kty\":\"RSA\"}",
        "{\"kty\":\"RSA\",\"n\":\"!!!\",\"e\":\"AQAB\"}",
        "{\"kty\":\"RSA\",\"n\":1,\"e\":\"AQAB\"}",
        "{\"kty\":7}"
      })
  void verify_brokenKeyBesideAGoodOne_doesNotKeepTheGoodOneOut(String broken) {
    publishNow(broken, TokenForge.jwk(TokenForge.B));
    auth.assertAccepted(auth.token().signedBy(TokenForge.B));
    assertThat(auth.refusal(auth.token().signedBy(TokenForge.A))).contains("signature");
  }

  @Test
  void verify_symmetricKeyInTheSet_isNeverASecretForHs256() {
    publishNow("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\",\"alg\":\"HS256\"}");
    String token = auth.token().header("{\"alg\":\"HS256\"}").signed();
    assertThat(auth.refusal(token)).contains("alg");
  }

  @Test
  void verify_keyRolled_isAcceptedAfterOneRefusalAndOneFetch() {
    String byNew = auth.token().signedBy(TokenForge.B);
    auth.publish(TokenForge.jwk(TokenForge.A), TokenForge.jwk(TokenForge.B));
    assertThat(auth.refusal(byNew)).contains("signature");
    auth.awaitFetches(2);
    auth.assertAccepted(byNew);
    auth.assertAccepted(auth.token().signedBy(TokenForge.A));
    assertThat(auth.server.requests(AuthFixture.JWKS)).hasSize(2);
  }

  @Test
  void verify_keyRemoved_takesItsRememberedTokensWithIt() {
    publishNow(TokenForge.jwk(TokenForge.A), TokenForge.jwk(TokenForge.B));
    String byOld = auth.token().signedBy(TokenForge.A);
    String byNew = auth.token().signedBy(TokenForge.B);
    auth.assertAccepted(byOld);
    auth.assertAccepted(byNew);
    publishNow(TokenForge.jwk(TokenForge.B));
    assertThat(auth.refusal(byOld)).contains("signature");
    auth.assertAccepted(byNew);
  }

  @Test
  void verify_allKeysRemoved_refusesEverythingAndWarns() {
    String token = auth.token().signed();
    auth.assertAccepted(token);
    publishNow();
    assertThat(auth.refusal(token)).contains("signature");
    assertThat(auth.listener.warnings())
        .extracting(RecordingListener.Warning::text)
        .anyMatch(text -> text.contains("none left"));
  }

  @Test
  void verify_sameKeysFetchedAgain_keepsWhatIsRemembered() throws IOException {
    JwkSet first = keySet(1, TokenForge.jwk(TokenForge.A));
    PublishedKeys again =
        PublishedKeys.read(bytes(TokenForge.jwks(TokenForge.jwk(TokenForge.A))), issuerName());
    PublishedKeys other =
        PublishedKeys.read(bytes(TokenForge.jwks(TokenForge.jwk(TokenForge.B))), issuerName());
    assertThat(first.isSameAs(again)).isTrue();
    assertThat(first.isSameAs(other)).isFalse();
    assertThat(first.isSameAs(new PublishedKeys(java.util.Optional.empty(), again.keys(), 0)))
        .as("another issuer name with the same keys is a change too")
        .isFalse();
  }

  @Test
  void refresh_byTimer_fetchesAgainWithoutAnyRequest() throws IOException {
    try (AuthFixture fast =
        AuthFixture.ready(config -> config.refreshInterval(Duration.ofMillis(20)))) {
      String byNew = fast.token().signedBy(TokenForge.B);
      fast.publish(TokenForge.jwk(TokenForge.B));
      fast.awaitFetches(fast.listener.tokenKeys().size() + 2);
      fast.assertAccepted(byNew);
      assertThat(fast.refusal(fast.token().signed())).contains("signature");
    }
  }

  private JwkSet keySet(long generation, String... jwks) {
    PublishedKeys keys = PublishedKeys.read(bytes(TokenForge.jwks(jwks)), issuerName());
    return new JwkSet(keys, generation, new IssuerMatch(auth.issuer, issuerName()));
  }

  private static java.util.Optional<String> issuerName() {
    return java.util.Optional.of("https://idp.example/");
  }

  private static org.openekm.api.Bytes bytes(String text) {
    return org.openekm.api.Bytes.adopt(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
