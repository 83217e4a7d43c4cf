// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.checks;

import static org.openekm.testkit.conformance.Check.must;
import static org.openekm.testkit.conformance.Check.should;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.Evidence;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.Finding;
import org.openekm.testkit.conformance.Need;
import org.openekm.testkit.conformance.http.RawAnswer;
import org.openekm.testkit.conformance.http.RawRequest;
import org.openekm.testkit.oci.TokenMint;

/**
 * Tokens that must be refused, and the header that carries them: claims of a rightly signed token,
 * its text, and tokens in wrong places. A rightly signed good token is tried beside each.
 */
public final class TokenChecks {

  private static final List<Integer> REFUSED = List.of(401, 403);
  private static final int MEGABYTE = 1_000_000;
  private static final Duration HOUR = Duration.ofHours(1);

  private TokenChecks() {}

  /** Returns the checks. */
  public static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    header(checks);
    text(checks);
    claims(checks);
    accepted(checks);
    return List.copyOf(checks);
  }

  private static void header(List<Check> checks) {
    checks.add(
        must("token.missing", "A request without a token is answered 401.")
            .by(
                Evidence.OFFICIAL,
                bench ->
                    Expect.refusal(
                        401,
                        bench.send(bench.request("GET", "/metadata").without("Authorization")))));
    checks.add(
        should("token.challenge", "A 401 has the header WWW-Authenticate: Bearer.")
            .by(Evidence.STANDARD, TokenChecks::challenge));
    checks.add(
        must("token.every-operation", "Every operation asks for a token.")
            .by(Evidence.OFFICIAL, TokenChecks::everyOperation));
    checks.add(
        must(
                "token.unknown-vault",
                "Without a token, an unknown vault looks like a known one: 401.")
            .by(Evidence.INFERRED, TokenChecks::unknownVault));
    checks.add(
        must("token.empty", "An empty bearer token is answered 401.")
            .by(Evidence.STANDARD, bench -> unauthorized(bench, "Bearer ")));
    checks.add(
        must("token.basic", "Basic credentials are answered 401.")
            .by(Evidence.STANDARD, bench -> unauthorized(bench, "Basic dXNlcjpwYXNz")));
    checks.add(
        must("token.no-token", "A text that is no token is answered 401.")
            .by(Evidence.STANDARD, bench -> unauthorized(bench, "Bearer abc")));
    checks.add(
        must("token.two-words", "Two tokens in one header are refused.")
            .by(
                Evidence.STANDARD,
                bench -> unauthorized(bench, "Bearer " + good(bench) + " " + good(bench))));
    checks.add(
        must("token.in-query", "A token in the URL is not taken: URLs end up in logs.")
            .by(Evidence.STANDARD, TokenChecks::inQuery));
    checks.add(
        must("token.two-headers", "Two Authorization headers are refused.")
            .by(Evidence.STANDARD, TokenChecks::twoHeaders));
  }

  private static void text(List<Check> checks) {
    altered(
        checks,
        "signature-flipped",
        "A token whose signature was changed",
        token -> flip(token, 2));
    altered(checks, "claims-flipped", "A token whose claims were changed", token -> flip(token, 1));
    altered(checks, "header-flipped", "A token whose header was changed", token -> flip(token, 0));
    altered(
        checks,
        "signature-missing",
        "A token without its signature",
        token -> token.substring(0, token.lastIndexOf('.') + 1));
    altered(
        checks,
        "detached",
        "A token with a detached payload",
        token -> part(token, 0) + ".." + part(token, 2));
    altered(
        checks,
        "two-parts",
        "A token of two parts",
        token -> part(token, 0) + "." + part(token, 1));
    altered(checks, "four-parts", "A token of four parts", token -> token + "." + part(token, 2));
    altered(checks, "padded", "A token with base64 padding", token -> token + "==");
    altered(
        checks,
        "foreign-characters",
        "A token with characters that base64url does not know",
        token -> part(token, 0) + "." + part(token, 1) + "!." + part(token, 2));
    altered(
        checks,
        "signature-bits",
        "A token whose signature has other unused bits at its end",
        TokenChecks::unusedBits);
    altered(
        checks, "one-megabyte", "A token of one megabyte", token -> token + "A".repeat(MEGABYTE));
    altered(
        checks,
        "alg-none-real-claims",
        "A token without signature and with alg none that has a good token's claims",
        TokenChecks::stripped);
  }

  private static void claims(List<Check> checks) {
    times(checks);
    issuerAndAudience(checks);
    clientAndScope(checks);
  }

  private static void times(List<Check> checks) {
    Instant now = Instant.now();
    forged(
        checks,
        "expired",
        "A token that ended an hour ago",
        mint -> mint.valid(Instant.now().minus(HOUR.multipliedBy(2)), HOUR));
    forged(checks, "exp-missing", "A token without exp", mint -> mint.withoutClaim("exp"));
    forged(
        checks,
        "exp-text",
        "A token whose exp is a text",
        mint -> mint.claim("exp", Long.toString(now.plus(HOUR).getEpochSecond() * 2)));
    forged(checks, "exp-negative", "A token whose exp is negative", mint -> mint.claim("exp", -1));
    doubtful(
        checks,
        "exp-huge",
        "A token whose exp is beyond any date",
        mint -> mint.claim("exp", 1e30));
    forged(
        checks,
        "nbf-future",
        "A token that begins in an hour",
        mint -> mint.claim("nbf", Instant.now().plus(HOUR).getEpochSecond()));
    forged(
        checks,
        "iat-future",
        "A token issued a day from now",
        mint ->
            mint.claim("iat", Instant.now().plus(HOUR.multipliedBy(24)).getEpochSecond())
                .claim("exp", Instant.now().plus(HOUR.multipliedBy(48)).getEpochSecond()));
  }

  private static void issuerAndAudience(List<Check> checks) {
    forged(
        checks,
        "iss-other",
        "A token of another issuer",
        mint -> mint.claim("iss", "https://attacker.example/"));
    forged(checks, "iss-missing", "A token without iss", mint -> mint.withoutClaim("iss"));
    forged(
        checks,
        "aud-other",
        "A token for another audience",
        mint -> mint.audience("https://elsewhere.example/"));
    forged(checks, "aud-missing", "A token without aud", mint -> mint.withoutClaim("aud"));
    forged(
        checks,
        "aud-prefix",
        "A token whose audience merely begins like ours",
        mint -> mint.audience(audience(mint) + ".attacker.example/"));
    forged(
        checks,
        "client-other",
        "A token of another client",
        mint -> mint.client("0123456789abcdef0123456789abcdef"));
    forged(
        checks,
        "client-missing",
        "A token that names no client",
        mint -> mint.withoutClaim("client_id").withoutClaim("sub").withoutClaim("client_guid"));
    doubtful(
        checks,
        "sub-differs",
        "A token whose client_id and sub differ",
        mint -> mint.claim("sub", "somebody-else"));
  }

  private static void clientAndScope(List<Check> checks) {
    forged(checks, "scope-other", "A token with another scope", mint -> mint.scope("read_only"));
    forged(checks, "scope-missing", "A token without scope", mint -> mint.withoutClaim("scope"));
    forged(
        checks,
        "scope-part",
        "A token whose scope merely contains ours",
        mint -> mint.scope("xoci_ekmsx"));
    forged(
        checks,
        "not-access",
        "A token that is not an access token",
        mint -> mint.claim("tok_type", "ID"));
    forged(
        checks,
        "duplicate-claim-last",
        "A token with aud given twice, a foreign one last",
        mint -> twice(mint, false));
    forged(
        checks,
        "duplicate-claim-first",
        "A token with aud given twice, a foreign one first",
        mint -> twice(mint, true));
    forged(
        checks, "claims-array", "A token whose claims are an array", mint -> mint.rawClaims("[]"));
    forged(
        checks,
        "tenancy-other",
        "A token of another tenancy under the general issuer",
        mint -> mint.claim("tenant_iss", "https://idcs-other.identity.oraclecloud.com:443"));
  }

  private static void accepted(List<Check> checks) {
    fine(
        checks,
        "aud-list",
        "A token whose audience is a list with ours in it",
        mint -> mint.audience("https://elsewhere.example/", audience(mint)));
    fine(
        checks,
        "scope-list",
        "A token with several scopes, ours among them",
        mint -> mint.scope("read_only", "oci_ekms"));
    fine(checks, "typ-jwt", "A token whose header has typ JWT", mint -> mint.header("typ", "JWT"));
    fine(checks, "no-jti", "A token without jti", mint -> mint.withoutClaim("jti"));
    fine(
        checks,
        "skew",
        "A token that ended ten seconds ago: clocks differ",
        mint -> mint.valid(Instant.now().minus(HOUR).minusSeconds(10), HOUR));
  }

  private static void altered(
      List<Check> checks, String id, String what, UnaryOperator<String> change) {
    checks.add(
        must("token." + id, what + " is refused.")
            .by(Evidence.STANDARD, bench -> refused(bench, change.apply(good(bench)))));
  }

  private static void forged(
      List<Check> checks, String id, String what, UnaryOperator<TokenMint> change) {
    checks.add(refused(must("token." + id, what + " is refused."), change));
  }

  /** Some libraries take these, and nobody gains by it without the domain's own key. */
  static void doubtful(
      List<Check> checks, String id, String what, UnaryOperator<TokenMint> change) {
    checks.add(refused(should("token." + id, what + " is refused."), change));
  }

  /** Completes a check that a changed token is refused. */
  static Check refused(Check.Draft draft, UnaryOperator<TokenMint> change) {
    return draft.by(
        Evidence.STANDARD,
        bench -> refused(bench, change.apply(mint(bench)).serialize()),
        Need.FORGED_TOKENS);
  }

  private static void fine(
      List<Check> checks, String id, String what, UnaryOperator<TokenMint> change) {
    checks.add(
        should("token." + id, what + " is accepted.")
            .by(
                Evidence.OFFICIAL,
                bench -> bench.ok(with(bench, change.apply(mint(bench)).serialize())),
                Need.FORGED_TOKENS));
  }

  static TokenMint mint(Bench bench) {
    return bench.target().forge().orElseThrow().good();
  }

  static String good(Bench bench) {
    return bench.target().tokens().token();
  }

  static RawRequest with(Bench bench, String token) {
    return bench.request("GET", "/metadata").with("Authorization", "Bearer " + token);
  }

  /** Refused by 401 or 403, or by the header's size; and with the good token it works. */
  static void refused(Bench bench, String token) throws IOException {
    Expect.status(200, bench.send(with(bench, good(bench))));
    if (token.length() >= MEGABYTE) {
      Expect.refusedOrClosed(() -> bench.sendAlone(with(bench, token).bytes()));
    } else {
      RawAnswer answer = bench.send(with(bench, token));
      Expect.refusal(Expect.statusIn(REFUSED, answer).status(), answer);
    }
  }

  private static void unauthorized(Bench bench, String authorization) throws IOException {
    RawRequest request = bench.request("GET", "/metadata").with("Authorization", authorization);
    Expect.refusal(401, bench.send(request));
  }

  private static void challenge(Bench bench) throws IOException {
    RawAnswer answer = bench.send(bench.request("GET", "/metadata").without("Authorization"));
    Expect.that(
        answer.header("WWW-Authenticate").orElse("").startsWith("Bearer"),
        "WWW-Authenticate is missing");
  }

  private static void everyOperation(Bench bench) throws IOException {
    for (RawRequest request :
        List.of(
            bench.request("GET", Bench.keyPath(bench.key(), "metadata")),
            bench.encryption(bench.key(), new byte[16], WireChecks.NO_AAD),
            bench.request("POST", Bench.keyPath(bench.key(), "decrypt")).body("{}"),
            bench.request("POST", Bench.keyPath(bench.key(), "generateRandomBytes")).body("{}"))) {
      Expect.refusal(401, bench.send(request.without("Authorization")));
    }
  }

  private static void unknownVault(Bench bench) throws IOException {
    String path = bench.path("");
    String other = path.substring(0, path.lastIndexOf('/') + 1) + ErrorChecks.unknown();
    RawRequest request = bench.request("GET", "/metadata").without("Authorization");
    Expect.refusal(401, bench.send(request.target(other + "/metadata")));
    Expect.refusal(401, bench.send(request));
  }

  private static void inQuery(Bench bench) throws IOException {
    RawRequest request = bench.request("GET", "/metadata?access_token=" + good(bench));
    Expect.anyRefusal(bench.send(request.without("Authorization")));
  }

  private static void twoHeaders(Bench bench) throws IOException {
    RawRequest request = bench.request("GET", "/metadata").header("Authorization", "Bearer x.y.z");
    Expect.refusedOrClosed(() -> bench.sendAlone(request.bytes()));
  }

  private static String part(String token, int number) {
    return token.split("\\.", -1)[number];
  }

  private static String flip(String token, int number) {
    String[] parts = token.split("\\.", -1);
    char[] text = parts[number].toCharArray();
    int at = text.length / 2;
    text[at] = text[at] == 'A' ? 'B' : 'A';
    parts[number] = new String(text);
    return String.join(".", parts);
  }

  /** The last character of a signature of 256 bytes carries two bits that mean nothing. */
  private static String unusedBits(String token) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int unused = (part(token, 2).length() % 4) * 6 % 8;
    if (unused == 0) {
      throw new Finding("the signature's length leaves no unused bits; use an RSA-2048 key");
    }
    int last = alphabet.indexOf(token.charAt(token.length() - 1));
    return token.substring(0, token.length() - 1) + alphabet.charAt(last ^ 1);
  }

  private static String stripped(String token) {
    String header =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII));
    return header + "." + part(token, 1) + ".";
  }

  private static String audience(TokenMint mint) {
    String claims = claimsOf(mint);
    int start = claims.indexOf("\"aud\":\"") + 7;
    return claims.substring(start, claims.indexOf('"', start));
  }

  /** Parsers differ in which of the two they take, so both orders are tried. */
  private static TokenMint twice(TokenMint mint, boolean foreignFirst) {
    String claims = claimsOf(mint);
    String foreign = "\"aud\":\"https://elsewhere.example/\"";
    return mint.rawClaims(
        foreignFirst
            ? "{" + foreign + "," + claims.substring(1)
            : claims.substring(0, claims.length() - 1) + "," + foreign + "}");
  }

  static String claimsOf(TokenMint mint) {
    return new String(
        Base64.getUrlDecoder().decode(part(mint.serialize(), 1)), StandardCharsets.UTF_8);
  }
}
