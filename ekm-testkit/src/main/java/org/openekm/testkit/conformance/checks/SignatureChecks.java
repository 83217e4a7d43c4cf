// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.checks;

import static org.openekm.testkit.conformance.Check.must;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.openekm.api.Bytes;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.Evidence;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.Need;
import org.openekm.testkit.conformance.Target;
import org.openekm.testkit.fake.TestKeys;
import org.openekm.testkit.oci.TokenMint;
import org.openekm.testkit.oci.TokenSigner;

/** Attacks on the signature and the header of tokens (RFC 8725). */
public final class SignatureChecks {

  private static final int LISTEN_MILLIS = 500;
  private static final Map<String, String> NONES =
      Map.of("lower", "none", "title", "None", "upper", "NONE", "mixed", "nOnE");

  private static final int OUTAGE_ROUNDS = 3;
  private static final java.time.Duration OUTAGE_LIMIT = java.time.Duration.ofSeconds(2);

  private SignatureChecks() {}

  /** Returns the checks. */
  public static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    algorithms(checks);
    headers(checks);
    keyHints(checks);
    checks.add(
        must(
                "token.keys-outage",
                "While the identity domain gives no keys, tokens by the known key are taken, others"
                    + " are not, and neither waits.")
            .by(Evidence.INFERRED, SignatureChecks::keysOutage, Need.KEYS_OUTAGE));
    return List.copyOf(checks);
  }

  private static void algorithms(List<Check> checks) {
    for (Map.Entry<String, String> none : NONES.entrySet()) {
      attack(
          checks,
          "alg-none-" + none.getKey(),
          "A token without signature and with alg " + none.getValue(),
          mint -> mint.signedBy(TokenSigner.fixed(none.getValue(), Bytes.empty())));
    }
    attack(checks, "alg-missing", "A token without alg", mint -> mint.withoutHeader("alg"));
    attack(checks, "alg-number", "A token whose alg is a number", mint -> mint.header("alg", 256));
    attack(
        checks,
        "wrong-key",
        "A token signed by an attacker's key",
        mint -> mint.signedBy(attacker()));
    checks.add(
        must(
                "token.hs256-public-key",
                "A token signed by HMAC with the public key as the secret is refused.")
            .by(Evidence.STANDARD, SignatureChecks::hmac, Need.FORGED_TOKENS));
    attack(
        checks,
        "rs-as-ps",
        "A PSS signature under the name RS256",
        mint -> renamed(mint, "PS256", "RS256"));
    attack(
        checks,
        "rs-as-es",
        "An RSA signature under the name ES256",
        mint -> renamed(mint, "RS256", "ES256"));
    attack(
        checks,
        "rs-as-rs384",
        "An RS256 signature under the name RS384",
        mint -> renamed(mint, "RS256", "RS384"));
  }

  private static void headers(List<Check> checks) {
    for (String name : List.of("RS384", "PS256", "ES256", "HS256", "RS257")) {
      attack(
          checks,
          "misnamed-" + name.toLowerCase(java.util.Locale.ROOT),
          "A token with the domain's RS256 signature that says " + name,
          mint -> mint.header("alg", name));
    }
    attack(
        checks,
        "es256",
        "A token signed with an attacker's elliptic key",
        mint -> mint.signedBy(TokenSigner.asymmetric("ES256", TestKeys.newEc().getPrivate())));
    attack(
        checks,
        "embedded-jwk",
        "A token that brings the key it is signed with",
        SignatureChecks::embedded);
    attack(
        checks,
        "crit",
        "A token with a critical header that nobody knows",
        mint -> mint.header("crit", List.of("x")).header("x", true));
    attack(
        checks,
        "b64",
        "A token whose payload is not encoded",
        mint -> mint.header("crit", List.of("b64")).header("b64", false));
    TokenChecks.doubtful(
        checks, "zip", "A token that says it is compressed", mint -> mint.header("zip", "DEF"));
  }

  private static void keyHints(List<Check> checks) {
    attack(
        checks,
        "duplicate-alg",
        "A token with alg given twice",
        mint -> mint.rawHeader("{\"alg\":\"RS256\",\"alg\":\"none\"}"));
    attack(
        checks,
        "header-array",
        "A token whose header is an array",
        mint -> mint.rawHeader("[\"RS256\"]"));
    attack(
        checks,
        "header-trailing",
        "A token with something after its header",
        mint -> mint.rawHeader("{\"alg\":\"RS256\"}{}"));
    TokenChecks.doubtful(
        checks,
        "typ-other",
        "A token whose header says it is something else",
        mint -> mint.header("typ", "dpop+jwt"));
    for (Map.Entry<String, String> kid : kids().entrySet()) {
      attack(
          checks,
          "kid-" + kid.getKey(),
          "A token by an attacker's key with the kid of an attack (" + kid.getKey() + ")",
          mint -> mint.header("kid", kid.getValue()).signedBy(attacker()));
    }
    for (String header : List.of("jku", "x5u")) {
      checks.add(
          must(
                  "token." + header + "-fetch",
                  "The address in the token header " + header + " is never asked for a key.")
              .by(Evidence.STANDARD, bench -> neverFetched(bench, header), Need.FORGED_TOKENS));
    }
  }

  private static Map<String, String> kids() {
    return Map.of(
        "path", "../../../../dev/null",
        "sql", "x' UNION SELECT 'key' --",
        "long", "k".repeat(4_000),
        "url", "https://attacker.example/key");
  }

  private static void attack(
      List<Check> checks, String id, String what, UnaryOperator<TokenMint> change) {
    checks.add(TokenChecks.refused(must("token." + id, what + " is refused."), change));
  }

  private static TokenSigner attacker() {
    return TokenSigner.rsa("RS256", TestKeys.rsa().getPrivate());
  }

  /** Signs with an attacker's key of the right kind and names another algorithm. */
  private static TokenMint renamed(TokenMint mint, String algorithm, String name) {
    Function<String, Bytes> sign =
        input -> TokenSigner.asymmetric(algorithm, TestKeys.rsa().getPrivate()).sign(input);
    TokenMint named = mint.header("alg", name);
    String text = named.serialize();
    String input = text.substring(0, text.lastIndexOf('.'));
    return named.signedBy(TokenSigner.fixed(name, sign.apply(input)));
  }

  private static TokenMint embedded(TokenMint mint) {
    KeyPair keys = TestKeys.rsa();
    JWK jwk = new RSAKey.Builder((RSAPublicKey) keys.getPublic()).build();
    return mint.header("jwk", jwk.toJSONObject())
        .signedBy(TokenSigner.rsa("RS256", keys.getPrivate()));
  }

  private static void hmac(Bench bench) throws IOException {
    byte[] der = bench.target().forge().orElseThrow().publicKey();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + java.util.Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    for (byte[] secret : List.of(der, pem.getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
      TokenMint forged =
          TokenChecks.mint(bench).signedBy(TokenSigner.hmacSha256(Bytes.copyOf(secret)));
      TokenChecks.refused(bench, forged.serialize());
    }
  }

  private static void neverFetched(Bench bench, String header) throws IOException {
    try (ServerSocket trap = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      trap.setSoTimeout(LISTEN_MILLIS);
      String url = "https://127.0.0.1:" + trap.getLocalPort() + "/keys";
      TokenMint forged = TokenChecks.mint(bench).header(header, url).signedBy(attacker());
      TokenChecks.refused(bench, forged.serialize());
      boolean asked = true;
      try {
        trap.accept().close();
      } catch (java.net.SocketTimeoutException e) {
        asked = false;
      }
      Expect.that(!asked, "the endpoint connected to the address in the token");
    }
  }

  private static void keysOutage(Bench bench) throws IOException {
    Target.Forge forge = bench.target().forge().orElseThrow();
    String known = TokenChecks.mint(bench).serialize();
    bench.ok(TokenChecks.with(bench, known));
    forge.withholdKeys(true);
    try {
      for (int i = 0; i < OUTAGE_ROUNDS; i++) {
        long began = System.nanoTime();
        bench.ok(TokenChecks.with(bench, TokenChecks.mint(bench).serialize()));
        TokenChecks.refused(
            bench,
            TokenChecks.mint(bench).header("kid", "unknown-" + i).signedBy(attacker()).serialize());
        Expect.that(
            System.nanoTime() - began < OUTAGE_LIMIT.toNanos(),
            "two calls took longer than " + OUTAGE_LIMIT.toSeconds() + " seconds");
      }
    } finally {
      forge.withholdKeys(false);
    }
    bench.ok(TokenChecks.with(bench, TokenChecks.mint(bench).serialize()));
  }
}
