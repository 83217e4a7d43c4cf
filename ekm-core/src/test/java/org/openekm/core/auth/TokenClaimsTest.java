// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.VerifiedClient;

/** Claims, all of them signed by the right key. */
class TokenClaimsTest {

  private AuthFixture auth;

  @BeforeEach
  void start() throws IOException {
    auth = AuthFixture.ready();
  }

  @AfterEach
  void stop() {
    auth.close();
  }

  private long now() {
    return auth.clock.instant().getEpochSecond();
  }

  @Test
  void verify_goodToken_tellsWhoCalls() {
    VerifiedClient client = auth.verify(auth.token().text("scope", "a oci_ekms  b").signed());
    assertThat(client.clientId()).isEqualTo(TokenForge.CLIENT);
    assertThat(client.tokenId()).contains("b1946ac92492d234");
    assertThat(client.audiences()).containsExactly(TokenForge.AUDIENCE);
    assertThat(client.scopes()).containsExactlyInAnyOrder("a", "oci_ekms", "b");
    assertThat(client.expiresAt()).isEqualTo(Instant.ofEpochSecond(now() + 3600));
  }

  @Test
  void verify_withoutJtiAudScopeTokTypeIat_isAcceptedAndSaysNothingOfThem() {
    TokenForge token = auth.token().without("jti").without("aud").without("scope");
    VerifiedClient client = auth.verify(token.without("tok_type").without("iat").signed());
    assertThat(client.tokenId()).isEmpty();
    assertThat(client.audiences()).isEmpty();
    assertThat(client.scopes()).isEmpty();
  }

  @Test
  void verify_missingExp_isRefused() {
    assertThat(auth.refusal(auth.token().without("exp").signed())).contains("exp is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"1999999999\"",
        "1999999999.0",
        "1999999999.5",
        "2e9",
        "99999999999999999999999",
        "9223372036854775807",
        "253402300800",
        "-1",
        "0",
        "null",
        "true",
        "[1999999999]",
        "{}",
        "1e400",
        "NaN",
        "0x77359400",
        "01999999999"
      })
  void verify_expThatIsNoWholeNumberInRange_isRefused(String exp) {
    auth.assertAccepted(auth.token().claim("exp", "1999999999").signed());
    assertThat(auth.refusal(auth.token().claim("exp", exp).signed())).startsWith("token: ");
  }

  @Test
  void verify_expiry_isExactToTheSecondWithSkew() {
    String token = auth.token().claim("exp", now() + 100).signed();
    auth.assertAccepted(token);
    auth.clock.advance(Duration.ofSeconds(159));
    auth.assertAccepted(token);
    auth.clock.advance(Duration.ofSeconds(1));
    assertThat(auth.refusal(token)).contains("exp has passed");
  }

  @Test
  void verify_expiredBeforeFirstUse_isRefused() {
    String token = auth.token().claim("iat", now() - 7200).claim("exp", now() - 61).signed();
    assertThat(auth.refusal(token)).contains("exp has passed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iat", "nbf"})
  void verify_startInTheFuture_isToleratedUpToTheSkew(String claim) {
    auth.assertAccepted(auth.token().claim(claim, now() + 60).signed());
    assertThat(auth.refusal(auth.token().claim(claim, now() + 61).signed())).contains("future");
    auth.assertAccepted(auth.token().claim(claim, now() - 3000).signed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"iat", "nbf"})
  void verify_startOfTheWrongType_isRefused(String claim) {
    for (String value : new String[] {"\"1\"", "1.5", "-1", "null", "[]", "1e400"}) {
      assertThat(auth.refusal(auth.token().claim(claim, value).signed())).startsWith("token: ");
    }
  }

  @Test
  void verify_expBeforeIat_isRefused() {
    String token = auth.token().claim("iat", now() + 30).claim("exp", now() + 30).signed();
    assertThat(auth.refusal(token)).contains("later than iat");
  }

  @Test
  void verify_wallClockSetBack_makesARememberedTokenWait() {
    String token = auth.token().signed();
    auth.assertAccepted(token);
    auth.clock.jumpWallClock(Duration.ofMinutes(-10));
    assertThat(auth.refusal(token)).contains("future");
    auth.clock.jumpWallClock(Duration.ofMinutes(10));
    auth.assertAccepted(token);
  }

  @Test
  void verify_claimTwice_isRefused() {
    String claims = auth.token().claimsJson();
    for (String twice :
        new String[] {"\"exp\":1999999999", "\"client_id\":\"x\"", "\"opc\":1,\"opc\":2"}) {
      String json = claims.substring(0, claims.length() - 1) + "," + twice + "}";
      assertThat(auth.refusal(signed(json))).contains("strict JSON");
    }
  }

  @Test
  void verify_claimTwiceInANestedObject_isRefused() {
    String token = auth.token().claim("opc", "{\"a\":1,\"a\":2}").signed();
    assertThat(auth.refusal(token)).contains("strict JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"x\"", "1", "null", "", " ", "{", "{}x"})
  void verify_claimsThatAreNoObject_areRefused(String json) {
    assertThat(auth.refusal(signed(json))).startsWith("token: ");
  }

  @Test
  void verify_claimsThatAreNotUtf8_areRefused() {
    byte[] utf16 = auth.token().claimsJson().getBytes(java.nio.charset.StandardCharsets.UTF_16);
    assertThat(auth.refusal(signed(utf16))).contains("UTF-8");
    String overlong = auth.token().text("name", "MARK").claimsJson();
    byte[] bytes = overlong.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    bytes[overlong.indexOf("MARK")] = (byte) 0xc0;
    bytes[overlong.indexOf("MARK") + 1] = (byte) 0xaf;
    assertThat(auth.refusal(signed(bytes))).contains("UTF-8");
  }

  @Test
  void verify_subAsClient_isAcceptedWithSubTypeOnly() {
    auth.assertAccepted(auth.token().without("client_id").signed());
    assertThat(auth.refusal(auth.token().without("client_id").without("sub_type").signed()))
        .contains("client_id");
    auth.assertAccepted(auth.token().without("sub").without("sub_type").signed());
    assertThat(auth.refusal(auth.token().without("client_id").without("sub").signed()))
        .contains("client_id");
  }

  @Test
  void verify_clientIdAndSubDiffer_isRefused() {
    assertThat(auth.refusal(auth.token().text("sub", "alice@example.com").signed()))
        .contains("same client");
    String person = auth.token().text("sub", "alice@example.com").without("sub_type").signed();
    assertThat(auth.refusal(person)).contains("same client");
  }

  @Test
  void verify_subTypeUser_isRefused() {
    assertThat(auth.refusal(auth.token().text("sub_type", "user").signed())).contains("sub_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"client_id", "sub", "sub_type", "jti", "iss", "tok_type", "scope"})
  void verify_textClaimOfAnotherType_isRefused(String claim) {
    for (String value : new String[] {"1", "null", "[\"x\"]", "{}", "true", "\"\""}) {
      assertThat(auth.refusal(auth.token().claim(claim, value).signed())).startsWith("token: ");
    }
    assertThat(auth.refusal(auth.token().text(claim, "x".repeat(5000)).signed()))
        .startsWith("token: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"IT", "RT", "at", "ID"})
  void verify_tokenThatIsNoAccessToken_isRefused(String type) {
    assertThat(auth.refusal(auth.token().text("tok_type", type).signed())).contains("tok_type");
  }

  @Test
  void verify_audienceAsTextOrList_givesTheSame() {
    assertThat(auth.verify(auth.token().text("aud", "https://a/").signed()).audiences())
        .containsExactly("https://a/");
    String list = "[\"https://a/\",\"https://b/\",\"https://a/\"]";
    assertThat(auth.verify(auth.token().claim("aud", list).signed()).audiences())
        .containsExactlyInAnyOrder("https://a/", "https://b/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "null", "{}", "[1]", "[[\"https://a/\"]]", "[null]", "[\"\"]"})
  void verify_audienceOfAnotherType_isRefused(String aud) {
    assertThat(auth.refusal(auth.token().claim("aud", aud).signed())).contains("aud");
  }

  @Test
  void verify_hundredsOfAudiences_areRefused() {
    String list = "[" + "\"https://a/\",".repeat(500) + "\"https://b/\"]";
    assertThat(auth.refusal(auth.token().claim("aud", list).signed())).contains("at most");
  }

  private String signed(String claims) {
    return TokenForge.signed(
        "{\"alg\":\"RS256\"}", claims, TokenForge.A.getPrivate(), "SHA256withRSA");
  }

  private String signed(byte[] claims) {
    String input = TokenForge.encode("{\"alg\":\"RS256\"}") + "." + TokenForge.encode(claims);
    byte[] signature = TokenForge.sign(input, TokenForge.A.getPrivate(), "SHA256withRSA");
    return input + "." + TokenForge.encode(signature);
  }
}
