// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.Bytes;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.auth.TokenVerifier;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.testkit.fake.SeededCases;
import org.openekm.testkit.fake.TestKeys;
import org.openekm.testkit.oci.TokenMint;
import org.openekm.testkit.oci.TokenSigner;

/**
 * The contract of {@link TokenVerifier} as tests, with the attacks that every verifier of JSON Web
 * Tokens must withstand. Extend it, start an identity provider (such as {@link
 * org.openekm.testkit.oci.FakeIdentityDomain}) and say what it signs:
 *
 * <pre>{@code
 * @Override
 * protected TokenMint goodToken() {
 *   return domain.token("client", "https://ekm.example");
 * }
 * }</pre>
 *
 * <p>Each test may take two minutes; annotate your class with {@code @Timeout} to change that.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TokenVerifierTck {

  private static final String CLIENT = "ekm-tck-client";
  private static final String MARKER = "ekm-tck-marker";

  private TokenVerifier verifier;

  /** Makes the verifier, ready to check tokens of {@link #issuer()}; called before each test. */
  protected abstract TokenVerifier createVerifier();

  /** Returns the record of the issuer whose tokens are good. */
  protected abstract IssuerRecord issuer();

  /**
   * Returns a mint for a token of that issuer, rightly signed. Client, audience, scope and lifetime
   * are set by the kit.
   */
  protected abstract TokenMint goodToken();

  /** Returns the public key that the good token is signed for. */
  protected abstract RSAPublicKey publicKey();

  /** Returns the present time by the verifier's clock; the system's unless overridden. */
  protected Instant now() {
    return Instant.now();
  }

  /**
   * Moves the verifier's clock on.
   *
   * @return false, unless overridden, if that can't be done; the tests that need it are then
   *     aborted
   */
  protected boolean advanceClock(Duration step) {
    return false;
  }

  /**
   * Returns the record of another issuer that the verifier knows too, with other signing keys; the
   * tests that need it are aborted if there is none. Absent unless overridden.
   */
  protected Optional<IssuerRecord> otherIssuer() {
    return Optional.empty();
  }

  /** Makes the verifier of the test. */
  @BeforeEach
  protected void makeVerifier() {
    verifier = createVerifier();
  }

  @Test
  protected void verify_aGoodToken_tellsItsClient() {
    VerifiedClient client = verifier.verify(issuer(), good().claim("jti", "id-1").serialize());

    assertThat(client.clientId()).isEqualTo(CLIENT);
    assertThat(client.audiences()).containsExactly("https://ekm.example");
    assertThat(client.scopes()).containsExactlyInAnyOrder("oci_ekms", "other");
    assertThat(client.tokenId()).contains("id-1");
    assertThat(client.expiresAt())
        .isEqualTo(Instant.ofEpochSecond(now().getEpochSecond()).plusSeconds(3_600));
  }

  @Test
  protected void verify_audiencesAsAList_tellsThemAll() {
    String token = good().audience("https://a.example", "https://b.example").serialize();

    assertThat(verifier.verify(issuer(), token).audiences())
        .containsExactlyInAnyOrder("https://a.example", "https://b.example");
  }

  @Test
  protected void verify_aGoodTokenAgain_isAcceptedAgain() {
    String token = good().serialize();

    assertThat(verifier.verify(issuer(), token)).isEqualTo(verifier.verify(issuer(), token));
  }

  @Test
  protected void verify_signatureOfAnotherKey_isRefused() {
    assertRefused(good().signedBy(TokenSigner.rsa("RS256", attacker().getPrivate())).serialize());
  }

  @Test
  protected void verify_signatureTamperedOrMissing_isRefused() {
    String token = good().serialize();
    int start = token.lastIndexOf('.') + 1;
    for (int at : new int[] {start, start + 10, (start + token.length()) / 2, token.length() - 2}) {
      assertRefused(withOtherCharacter(token, at));
    }
    assertRefused(token.substring(0, start));
    assertRefused(token.substring(0, start - 1));
    assertRefused(token.substring(0, token.length() - 4));
  }

  @Test
  protected void verify_claimsOrHeaderExchanged_isRefused() {
    String[] one = good().serialize().split("\\.", -1);
    String[] two = good().client("somebody-else").header("x", "y").serialize().split("\\.", -1);

    assertRefused(one[0] + "." + two[1] + "." + one[2]);
    assertRefused(two[0] + "." + one[1] + "." + one[2]);
  }

  @Test
  protected void verify_expired_isRefused() {
    assertRefused(good().valid(now().minus(Duration.ofHours(2)), Duration.ofHours(1)).serialize());
  }

  @Test
  protected void verify_aTokenSeenBefore_isRefusedOnceItHasExpired() {
    String token = good().serialize();
    verifier.verify(issuer(), token);

    assumeTrue(advanceClock(Duration.ofHours(2)), "advanceClock() can't");

    assertRefused(token);
  }

  @Test
  protected void verify_notYetValid_isRefused() {
    assertRefused(
        good().claim("nbf", now().plus(Duration.ofHours(1)).getEpochSecond()).serialize());
  }

  @Test
  protected void verify_withoutAnEnd_isRefused() {
    assertRefused(good().withoutClaim("exp").serialize());
    assertRefused(good().claim("exp", "tomorrow").serialize());
    assertRefused(good().claim("exp", Map.of()).serialize());
  }

  @Test
  protected void verify_anotherIssuersName_isRefused() {
    assertRefused(good().claim("iss", "https://attacker.example/").serialize());
    assertRefused(good().claim("iss", List.of("https://attacker.example/")).serialize());
    assertRefused(good().withoutClaim("iss").serialize());
  }

  @Test
  protected void verify_againstAnotherIssuer_isRefused() {
    assumeTrue(otherIssuer().isPresent(), "otherIssuer() gives none");
    String token = good().serialize();
    verifier.verify(issuer(), token);

    assertRefused(otherIssuer().orElseThrow(), token);
  }

  @Test
  protected void verify_withoutAClient_isRefused() {
    assertRefused(
        good()
            .withoutClaim("client_id")
            .withoutClaim("sub")
            .withoutClaim("client_guid")
            .serialize());
  }

  @Test
  protected void verify_algorithmNone_isRefusedInAnyCase() {
    String signature = good().serialize().replaceFirst(".*\\.", "");
    for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
      String unsigned = good().signedBy(TokenSigner.none()).header("alg", none).serialize();
      assertRefused(unsigned);
      assertRefused(unsigned + signature);
    }
    assertRefused(good().signedBy(TokenSigner.none()).withoutHeader("alg").serialize());
  }

  @Test
  protected void verify_macKeyedWithThePublicKey_isRefused() {
    byte[] der = publicKey().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(der)
            + "\n-----END PUBLIC KEY-----";
    for (byte[] secret :
        List.of(
            der,
            pem.getBytes(UTF_8),
            (pem + "\n").getBytes(UTF_8),
            publicKey().getModulus().toByteArray())) {
      assertRefused(good().signedBy(TokenSigner.hmacSha256(Bytes.copyOf(secret))).serialize());
    }
  }

  @Test
  protected void verify_keyBroughtAlongInTheHeader_isRefused() {
    KeyPair attacker = attacker();
    RSAPublicKey key = (RSAPublicKey) attacker.getPublic();
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    Map<String, Object> jwk =
        Map.of(
            "kty",
            "RSA",
            "alg",
            "RS256",
            "kid",
            "SIGNING_KEY",
            "n",
            base64.encodeToString(key.getModulus().toByteArray()),
            "e",
            base64.encodeToString(key.getPublicExponent().toByteArray()));
    TokenMint forged = good().signedBy(TokenSigner.rsa("RS256", attacker.getPrivate()));

    assertRefused(forged.header("jwk", jwk).serialize());
    assertRefused(forged.header("jku", "https://attacker.example/jwks").serialize());
    assertRefused(forged.header("x5u", "https://attacker.example/cert").serialize());
    assertRefused(forged.header("kid", "../../../dev/null").serialize());
    assertRefused(forged.header("kid", "' OR '1'='1").serialize());
  }

  @Test
  protected void verify_criticalHeaderThatNobodyKnows_isRefused() {
    assertRefused(good().header("crit", List.of("x-unknown")).header("x-unknown", 1).serialize());
  }

  @Test
  protected void verify_duplicateMembers_areRefused() {
    String claims =
        new String(Base64.getUrlDecoder().decode(good().serialize().split("\\.", -1)[1]), UTF_8);
    String header =
        new String(Base64.getUrlDecoder().decode(good().serialize().split("\\.", -1)[0]), UTF_8);

    assertRefused(
        good().rawClaims("{\"client_id\":\"" + MARKER + "\"," + claims.substring(1)).serialize());
    assertRefused(good().rawHeader("{\"alg\":\"none\"," + header.substring(1)).serialize());
  }

  @Test
  protected void verify_partsThatAreNoJsonObjects_areRefused() {
    for (String text :
        List.of("", "null", "[]", "\"" + MARKER + "\"", "{", "{}x", "[".repeat(50_000))) {
      assertRefused(good().rawClaims(text).serialize());
      assertRefused(good().rawHeader(text).serialize());
    }
  }

  @Test
  protected void verify_textAroundAGoodToken_isRefused() {
    String token = good().serialize();
    for (String wrong :
        List.of(
            "Bearer " + token,
            " " + token,
            token + " ",
            token + "\n",
            token + "\r\n",
            token + "=",
            token + ".",
            token + ".x",
            "." + token,
            token.replaceFirst("\\.", ".."),
            token + "\u0000",
            token + "é",
            token + token)) {
      assertRefused(wrong);
    }
  }

  @Test
  protected void verify_signatureInAnotherSpelling_isRefused() {
    String token = good().serialize();
    String[] parts = token.split("\\.", -1);
    byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
    String prefix = parts[0] + "." + parts[1] + ".";

    assertRefused(prefix + Base64.getUrlEncoder().encodeToString(signature) + "=");
    assertRefused(prefix + parts[2].substring(0, 4) + "\n" + parts[2].substring(4));
    spareBitsChanged(parts[2]).ifPresent(other -> assertRefused(prefix + other));
  }

  @Test
  protected void verify_garbage_isRefused() {
    for (String garbage :
        List.of(
            "",
            " ",
            ".",
            "..",
            "...",
            "....",
            "a",
            "a.b",
            "a.b.c",
            "a.b.c.d.e",
            MARKER,
            "null",
            "{}",
            "é.é.é",
            "\u0000",
            "x".repeat(1 << 20),
            ".".repeat(100_000))) {
      assertRefused(garbage);
    }
    SeededCases.run(
        300, random -> assertRefused(new String(SeededCases.bytes(random, 300), ISO_8859_1)));
  }

  @Test
  protected void verify_anyCharacterChanged_isRefused() {
    String token = good().serialize();
    SeededCases.run(
        300,
        random -> assertRefused(withOtherCharacter(token, random.nextInt(token.length() - 1))));
  }

  @Test
  protected void verify_goodAndForgedAtOnce_neverMixesUp() {
    String token = good().serialize();
    String forged = withOtherCharacter(token, token.length() - 20);

    List<Boolean> done =
        InTime.all(
            4,
            thread -> {
              for (int i = 0; i < 100; i++) {
                if (thread % 2 == 0) {
                  assertThat(verifier.verify(issuer(), token).clientId()).isEqualTo(CLIENT);
                } else {
                  assertRefused(forged);
                }
              }
              return true;
            });

    assertThat(done).containsOnly(true);
  }

  private TokenMint good() {
    return goodToken()
        .client(CLIENT)
        .audience("https://ekm.example")
        .scope("oci_ekms", "other")
        .valid(now(), Duration.ofHours(1));
  }

  private void assertRefused(String token) {
    assertRefused(issuer(), token);
  }

  private void assertRefused(IssuerRecord issuer, String token) {
    String shown = token.length() > 200 ? token.substring(0, 200) + "…" : token;
    Throwable failure = catchThrowable(() -> verifier.verify(issuer, token));
    assertThat(failure)
        .as("token: %s", shown)
        .isInstanceOfSatisfying(
            EkmException.class,
            e -> {
              assertThat(e.code()).isEqualTo(EkmErrorCode.TOKEN_INVALID);
              assertThat(e.safeDetail())
                  .as("the detail goes into logs")
                  .doesNotContain(MARKER, "attacker.example");
            });
  }

  /** A key that the identity provider doesn't have. */
  private static KeyPair attacker() {
    return TestKeys.rsa(2048, 666);
  }

  /**
   * Dots become letters, letters become others; the last character is left to {@link
   * #spareBitsChanged}.
   */
  private static String withOtherCharacter(String token, int at) {
    char other = token.charAt(at) == 'A' ? 'B' : 'A';
    return token.substring(0, at) + other + token.substring(at + 1);
  }

  /** Changes the bits of the last character that carry no data, where there are such. */
  private static Optional<String> spareBitsChanged(String base64Url) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (base64Url.length() % 4 == 0) {
      return Optional.empty();
    }
    int last = alphabet.indexOf(base64Url.charAt(base64Url.length() - 1));
    return Optional.of(base64Url.substring(0, base64Url.length() - 1) + alphabet.charAt(last ^ 1));
  }
}
