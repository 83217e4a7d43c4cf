// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.Bytes;

class TokenMintTest {

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void serialize_rsaAlgorithm_verifies(String algorithm) throws Exception {
    KeyPair keys = rsa();
    String token = mint(TokenSigner.asymmetric(algorithm, keys.getPrivate())).serialize();

    SignedJWT parsed = SignedJWT.parse(token);
    assertThat(parsed.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.parse(algorithm));
    assertThat(parsed.verify(new RSASSAVerifier((RSAPublicKey) keys.getPublic()))).isTrue();
  }

  @Test
  void serialize_ellipticCurve_verifies() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    String token = mint(TokenSigner.asymmetric("ES256", keys.getPrivate())).serialize();

    assertThat(SignedJWT.parse(token).verify(new ECDSAVerifier((ECPublicKey) keys.getPublic())))
        .isTrue();
  }

  @Test
  void serialize_hmacWithPublicKeyBytes_isTheClassicConfusionAttack() throws Exception {
    byte[] secret = rsa().getPublic().getEncoded();
    String token = mint(TokenSigner.hmacSha256(Bytes.copyOf(secret))).serialize();

    assertThat(SignedJWT.parse(token).verify(new MACVerifier(secret))).isTrue();
  }

  @Test
  void serialize_noSignature_endsWithTheDot() {
    String token = mint(TokenSigner.none()).serialize();

    assertThat(token).endsWith(".");
    assertThat(part(token, 0)).isEqualTo("{\"alg\":\"none\"}");
  }

  @Test
  void header_algAfterSigner_mayLie() {
    String token = mint(TokenSigner.none()).header("alg", "nOnE").serialize();

    assertThat(part(token, 0)).isEqualTo("{\"alg\":\"nOnE\"}");
  }

  @Test
  void rawParts_anyText_goInUnchanged() {
    String token =
        mint(TokenSigner.fixed("RS256", Bytes.ofHex("00ff")))
            .rawHeader("{\"alg\":\"RS256\",\"alg\":\"none\"}")
            .rawClaims("no JSON")
            .serialize();

    assertThat(part(token, 0)).isEqualTo("{\"alg\":\"RS256\",\"alg\":\"none\"}");
    assertThat(part(token, 1)).isEqualTo("no JSON");
    assertThat(token).endsWith(".AP8");
  }

  @Test
  void claims_changed_leaveTheFirstMintAlone() {
    TokenMint good = mint(TokenSigner.none()).claim("iss", "a").claim("jti", "1");
    String bad = good.claim("iss", "b").withoutClaim("jti").serialize();

    assertThat(part(bad, 1)).isEqualTo("{\"iss\":\"b\"}");
    assertThat(part(good.serialize(), 1)).isEqualTo("{\"iss\":\"a\",\"jti\":\"1\"}");
  }

  @Test
  void audience_oneOrSeveral_isStringOrArray() {
    TokenMint mint = mint(TokenSigner.none());

    assertThat(part(mint.audience("a").serialize(), 1)).isEqualTo("{\"aud\":\"a\"}");
    assertThat(part(mint.audience("a", "b").serialize(), 1)).isEqualTo("{\"aud\":[\"a\",\"b\"]}");
  }

  @Test
  void valid_instantAndLifetime_areSecondsSinceTheEpoch() {
    TokenMint mint =
        mint(TokenSigner.none()).valid(Instant.ofEpochSecond(1000), Duration.ofMinutes(1));

    assertThat(part(mint.serialize(), 1)).isEqualTo("{\"iat\":1000,\"exp\":1060}");
  }

  @Test
  void asymmetric_unknownAlgorithm_isRefused() throws Exception {
    KeyPair keys = rsa();

    assertThatThrownBy(() -> TokenSigner.asymmetric("RS1", keys.getPrivate()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RS256");
  }

  @Test
  void toString_anyMint_showsNamesOnly() {
    assertThat(mint(TokenSigner.none()).claim("jti", "secret"))
        .hasToString("TokenMint[claims=[jti]]");
    assertThat(List.of(mint(TokenSigner.none()).scope("a", "b").serialize()))
        .allSatisfy(token -> assertThat(part(token, 1)).isEqualTo("{\"scope\":\"a b\"}"));
  }

  private static TokenMint mint(TokenSigner signer) {
    return TokenMint.empty(signer);
  }

  private static KeyPair rsa() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static String part(String token, int index) {
    byte[] decoded = Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]);
    return new String(decoded, StandardCharsets.UTF_8);
  }
}
