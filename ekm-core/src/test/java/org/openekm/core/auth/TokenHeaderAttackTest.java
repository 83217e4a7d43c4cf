// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.testkit.fake.TestKeys;

/** Attacks by way of the token's header; beside each refusal stands a good token that passes. */
class TokenHeaderAttackTest {

  private AuthFixture auth;

  @BeforeEach
  void start() throws IOException {
    auth = AuthFixture.ready();
  }

  @AfterEach
  void stop() {
    auth.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE"})
  void verify_algNone_isRefusedWithAndWithoutSignature(String alg) {
    auth.assertAccepted(auth.token().signed());
    TokenForge forged = auth.token().header("{\"alg\":\"" + alg + "\"}");
    assertThat(auth.refusal(forged.unsigned())).startsWith("token: ");
    assertThat(auth.refusal(forged.signed())).contains("alg");
    assertThat(auth.refusal(forged.unsigned() + "AA")).contains("alg");
  }

  @ParameterizedTest
  @CsvSource({"RS256,SHA256withRSA", "RS384,SHA384withRSA", "RS512,SHA512withRSA"})
  void verify_eachRsaAlgorithm_isAcceptedOnlyUnderItsOwnName(String alg, String jca) {
    auth.publish(TokenForge.jwk(TokenForge.A, "\"kid\":\"k\""));
    auth.refetch();
    TokenForge token = auth.token().header("{\"alg\":\"" + alg + "\"}");
    auth.assertAccepted(token.signed(TokenForge.A.getPrivate(), jca));
    String other = alg.equals("RS256") ? "SHA384withRSA" : "SHA256withRSA";
    assertThat(auth.refusal(token.signed(TokenForge.A.getPrivate(), other))).contains("signature");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rs256", "Rs256", " RS256", "RS256 ", "RS2561", "RSA256", "HS256", "ES256"})
  void verify_otherAlgorithmNames_areRefused(String alg) {
    String token = auth.token().header("{\"alg\":\"" + alg + "\"}").signed();
    assertThat(auth.refusal(token)).contains("alg must be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"alg\":null}", "{\"alg\":256}", "{\"alg\":[\"RS256\"]}"})
  void verify_algMissingOrOfAnotherType_isRefused(String header) {
    assertThat(auth.refusal(auth.token().header(header).signed())).contains("alg");
  }

  @Test
  void verify_hs256KeyedWithThePublicKey_isRefused() throws GeneralSecurityException {
    byte[] der = TokenForge.A.getPublic().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    for (byte[] secret :
        new byte[][] {der, pem.getBytes(java.nio.charset.StandardCharsets.UTF_8)}) {
      for (String alg : new String[] {"HS256", "RS256"}) {
        String unsigned = auth.token().header("{\"alg\":\"" + alg + "\"}").unsigned();
        String input = unsigned.substring(0, unsigned.length() - 1);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        byte[] tag = mac.doFinal(input.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(auth.refusal(input + "." + TokenForge.encode(tag))).startsWith("token: ");
      }
    }
    auth.assertAccepted(auth.token().signed());
  }

  @Test
  void verify_pssSignature_isRefusedUnderEitherName() throws GeneralSecurityException {
    for (String alg : new String[] {"PS256", "RS256"}) {
      String unsigned = auth.token().header("{\"alg\":\"" + alg + "\"}").unsigned();
      String input = unsigned.substring(0, unsigned.length() - 1);
      java.security.Signature pss = java.security.Signature.getInstance("RSASSA-PSS");
      pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      pss.initSign(TokenForge.A.getPrivate());
      pss.update(input.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertThat(auth.refusal(input + "." + TokenForge.encode(pss.sign()))).startsWith("token: ");
    }
  }

  @Test
  void verify_ellipticSignature_isRefusedUnderEitherName() {
    KeyPair elliptic = TestKeys.newEc();
    for (String alg : new String[] {"ES256", "RS256"}) {
      TokenForge token = auth.token().header("{\"alg\":\"" + alg + "\"}");
      assertThat(auth.refusal(token.signed(elliptic.getPrivate(), "SHA256withECDSA")))
          .startsWith("token: ");
    }
  }

  @Test
  void verify_embeddedKey_isNeverUsed() {
    String key = TokenForge.jwk(TokenForge.ATTACKER, "");
    String header = "{\"alg\":\"RS256\",\"jwk\":" + key + "}";
    assertThat(auth.refusal(auth.token().header(header).signedBy(TokenForge.ATTACKER)))
        .contains("signature");
    auth.assertAccepted(auth.token().header(header).signed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jku", "x5u"})
  void verify_addressOfKeysInTheHeader_isNeverFetched(String member) {
    auth.server.on(
        "/evil", LoopbackServer.json(TokenForge.jwks(TokenForge.jwk(TokenForge.ATTACKER))));
    String header = "{\"alg\":\"RS256\",\"" + member + "\":\"" + auth.server.url("/evil") + "\"}";
    assertThat(auth.refusal(auth.token().header(header).signedBy(TokenForge.ATTACKER)))
        .contains("signature");
    auth.refetch();
    assertThat(auth.server.requests("/evil")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"RS256\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"RS256\",\"crit\":[]}",
        "{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}",
        "{\"alg\":\"RS256\",\"b64\":false}",
        "{\"alg\":\"RS256\",\"zip\":\"DEF\"}"
      })
  void verify_criticalOrTransformingHeader_isRefused(String header) {
    assertThat(auth.refusal(auth.token().header(header).signed())).contains("not allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../../dev/null",
        "/etc/passwd",
        "file:///etc/passwd",
        "' OR '1'='1",
        "x'; DROP TABLE keys; --",
        "${jndi:ldap://127.0.0.1/a}",
        "SIGNING_KEY\\u0000"
      })
  void verify_keyIdWithPathOrSql_givesAnAttackerNothing(String kid) {
    String header = "{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}";
    assertThat(auth.refusal(auth.token().header(header).signedBy(TokenForge.ATTACKER)))
        .contains("signature")
        .doesNotContain(kid);
    auth.assertAccepted(auth.token().header(header).signed());
  }

  @Test
  void verify_veryLongKeyId_isRefused() {
    String kid = "k".repeat(TokenHeader.MAX_NAME);
    auth.assertAccepted(
        auth.token().header("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}").signed());
    String longer = "{\"alg\":\"RS256\",\"kid\":\"" + kid + "k\"}";
    assertThat(auth.refusal(auth.token().header(longer).signed())).contains("kid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"RS256\",\"kid\":\"a\",\"kid\":\"SIGNING_KEY\"}",
        "{\"alg\":\"none\",\"alg\":\"RS256\"}",
        "{\"alg\":\"RS256\",\"alg\":\"RS256\"}",
        "{\"alg\":\"RS256\",\"\\u0061lg\":\"RS256\"}"
      })
  void verify_headerMemberTwice_isRefused(String header) {
    assertThat(auth.refusal(auth.token().header(header).signed())).contains("strict JSON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"RS256\"} x",
        "{\"alg\":\"RS256\"}{}",
        "{'alg':'RS256'}",
        "{\"alg\":\"RS256\",}",
        "{\"alg\":\"RS256\"/* */}",
        "[\"RS256\"]",
        "\"RS256\"",
        "{\"alg\":\"RS256\""
      })
  void verify_headerThatIsNotStrictJson_isRefused(String header) {
    assertThat(auth.refusal(auth.token().header(header).signed())).contains("JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "jwt", "Jwt", "at+jwt", "AT+JWT"})
  void verify_usualTypes_areAccepted(String typ) {
    String header = "{\"alg\":\"RS256\",\"typ\":\"" + typ + "\"}";
    auth.assertAccepted(auth.token().header(header).signed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWS", "dpop+jwt", "logout+jwt", "secevent+jwt", "JWT "})
  void verify_tokenOfAnotherType_isRefused(String typ) {
    String header = "{\"alg\":\"RS256\",\"typ\":\"" + typ + "\"}";
    assertThat(auth.refusal(auth.token().header(header).signed())).contains("typ");
  }

  @Test
  void verify_claimsChangedAfterSigning_areRefused() {
    String[] good = auth.token().signed().split("\\.", -1);
    String[] other = auth.token().text("client_id", "x").text("sub", "x").signed().split("\\.", -1);
    auth.assertAccepted(String.join(".", good));
    assertThat(auth.refusal(good[0] + "." + other[1] + "." + good[2])).contains("signature");
    assertThat(auth.refusal(other[0] + "." + other[1] + "." + good[2])).contains("signature");
  }

  @Test
  void verify_signatureCutOrLengthened_isRefused() {
    String token = auth.token().signed();
    auth.assertAccepted(token);
    assertThat(auth.refusal(token.substring(0, token.length() - 4))).startsWith("token: ");
    assertThat(auth.refusal(token + "AAAA")).startsWith("token: ");
    int start = token.lastIndexOf('.') + 1;
    assertThat(auth.refusal(token.substring(0, start) + TokenForge.encode(new byte[256])))
        .contains("signature");
  }
}
