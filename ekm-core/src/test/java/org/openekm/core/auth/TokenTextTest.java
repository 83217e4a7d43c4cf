// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.io.IOException;
import java.security.interfaces.RSAPublicKey;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One token has one spelling: every other text is refused, also while the token is remembered. */
class TokenTextTest {

  private AuthFixture auth;

  @BeforeEach
  void start() throws IOException {
    auth = AuthFixture.ready();
  }

  @AfterEach
  void stop() {
    auth.close();
  }

  static Stream<Arguments> twins() {
    return Stream.of(
        Arguments.of("space in the signature", " ", 2),
        Arguments.of("exclamation mark in the signature", "!", 2),
        Arguments.of("line feed in the signature", "\n", 2),
        Arguments.of("carriage return in the signature", "\r\n", 2),
        Arguments.of("dollar signs in the signature", "$$$$", 2),
        Arguments.of("tab in the signature", "\t", 2),
        Arguments.of("NUL in the signature", "\0", 2),
        Arguments.of("non-ASCII letter in the signature", "\u00e4", 2),
        Arguments.of("letter beyond Latin-1 in the signature", "\u0416", 2),
        Arguments.of("full-width letter in the signature", "\uff21", 2),
        Arguments.of("standard alphabet's plus in the signature", "+", 2),
        Arguments.of("standard alphabet's slash in the signature", "/", 2),
        Arguments.of("space in the claims", " ", 1),
        Arguments.of("padding in the claims", "=", 1),
        Arguments.of("space in the header", " ", 0),
        Arguments.of("line feed in the header", "\n", 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("twins")
  void verify_twinWithForeignCharacters_isRefused(String name, String insert, int part) {
    String token = auth.token().signed();
    auth.assertAccepted(token);
    String[] parts = token.split("\\.", -1);
    for (int at : new int[] {0, parts[part].length() / 2, parts[part].length()}) {
      String[] twin = parts.clone();
      twin[part] = parts[part].substring(0, at) + insert + parts[part].substring(at);
      assertThat(auth.refusal(String.join(".", twin))).contains("part");
    }
    auth.assertAccepted(token);
  }

  @ParameterizedTest
  @ValueSource(strings = {"=", "==", "===", "====", " ", "\t", "\n", "."})
  void verify_textAfterTheToken_isRefused(String tail) {
    String token = auth.token().signed();
    auth.assertAccepted(token);
    assertThat(auth.refusal(token + tail)).startsWith("token: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\t", " ", "\n", ".", "\ufeff", "Bearer "})
  void verify_textBeforeTheToken_isRefused(String head) {
    String token = auth.token().signed();
    auth.assertAccepted(token);
    assertThat(auth.refusal(head + token)).startsWith("token: ");
  }

  @Test
  void verify_unusedBitsInTheSignature_areRefusedAlthoughTheLibraryTakesThem() throws Exception {
    String token = auth.token().signed();
    String twin = withUnusedBits(token);
    JWSObject parsed = JWSObject.parse(twin);
    assertThat(parsed.verify(new RSASSAVerifier((RSAPublicKey) TokenForge.A.getPublic())))
        .as("the twin is a real one")
        .isTrue();
    auth.assertAccepted(token);
    assertThat(auth.refusal(twin)).contains("unused bits");
  }

  @Test
  void verify_unusedBitsInHeaderOrClaims_areRefusedEvenIfSigned() {
    String header = TokenForge.encode("{\"alg\":\"RS256\"}");
    String claims = TokenForge.encode(auth.token().claimsJson() + " ");
    while (claims.length() % 4 == 0) {
      claims = TokenForge.encode(auth.token().text("pad", claims.length() + "x").claimsJson());
    }
    String input = header + "." + setLowestBit(claims);
    byte[] signature = TokenForge.sign(input, TokenForge.A.getPrivate(), "SHA256withRSA");
    assertThat(auth.refusal(input + "." + TokenForge.encode(signature))).contains("unused bits");
  }

  @Test
  void verify_lengthOfOneModuloFour_isRefused() {
    String token = auth.token().signed();
    auth.assertAccepted(token);
    String[] parts = token.split("\\.", -1);
    while (parts[2].length() % 4 != 1) {
      parts[2] = parts[2] + "A";
    }
    assertThat(auth.refusal(String.join(".", parts))).contains("base64url");
  }

  @Test
  void verify_detachedPayload_isRefused() {
    String[] parts = auth.token().signed().split("\\.", -1);
    assertThat(auth.refusal(parts[0] + ".." + parts[2])).contains("at least one byte");
  }

  @Test
  void verify_emptySignature_isRefused() {
    String token = auth.token().signed();
    auth.assertAccepted(token);
    assertThat(auth.refusal(token.substring(0, token.lastIndexOf('.') + 1))).contains("part");
  }

  @Test
  void verify_fivePartsOfACompressedJwe_areRefused() {
    String header = "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"}";
    String jwe = TokenForge.encode(header) + ".a2V5.aXY.Y2lwaGVy.dGFn";
    assertThat(auth.refusal(jwe)).contains("three parts");
  }

  @Test
  void verify_headerOfAJweOnThreeParts_isRefused() {
    String token =
        auth.token().header("{\"alg\":\"RS256\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"}").signed();
    assertThat(auth.refusal(token)).contains("not allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "...", "a", "a.b", "null", "undefined"})
  void verify_textThatIsNoToken_isRefused(String text) {
    assertThat(auth.refusal(text)).startsWith("token: ");
  }

  @Test
  void verify_tokenOfOneMegabyte_isRefusedByItsLength() {
    assertThat(auth.refusal("a".repeat(1024 * 1024))).contains("16384");
    String signed = auth.token().text("pad", "x".repeat(1024 * 1024)).signed();
    assertThat(auth.refusal(signed)).contains("16384");
  }

  @Test
  void verify_tokenAtTheLimit_isAcceptedAndOneMoreIsRefused() throws IOException {
    String token = auth.token().text("pad", "x".repeat(1500)).signed();
    try (AuthFixture exact = AuthFixture.ready(config -> config.maxTokenLength(token.length()));
        AuthFixture small =
            AuthFixture.ready(config -> config.maxTokenLength(token.length() - 1))) {
      exact.assertAccepted(token);
      assertThat(small.refusal(token)).contains("characters");
    }
  }

  @Test
  void verify_headerOverItsLimit_isRefused() {
    String header = "{\"alg\":\"RS256\",\"x\":\"" + "y".repeat(4000) + "\"}";
    assertThat(auth.refusal(auth.token().header(header).signed())).contains("header");
  }

  @Test
  void verify_deeplyNestedClaims_areRefused() {
    String deep = "[".repeat(5000) + "]".repeat(5000);
    assertThat(auth.refusal(auth.token().claim("opc", deep).signed())).contains("strict JSON");
    auth.assertAccepted(auth.token().claim("opc", "[[[[{\"a\":1}]]]]").signed());
  }

  private static String withUnusedBits(String token) {
    return setLowestBit(token);
  }

  /** A signature of 256 bytes ends in a character of which four bits are unused. */
  private static String setLowestBit(String part) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(part.charAt(part.length() - 1));
    return part.substring(0, part.length() - 1) + alphabet.charAt(last | 1);
  }
}
