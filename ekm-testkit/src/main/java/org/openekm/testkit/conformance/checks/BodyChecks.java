// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.checks;

import static org.openekm.testkit.conformance.Check.must;
import static org.openekm.testkit.conformance.Check.should;
import static org.openekm.testkit.conformance.checks.WireChecks.NO_AAD;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.Evidence;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.Fields;
import org.openekm.testkit.conformance.Probe;
import org.openekm.testkit.conformance.Sealed;
import org.openekm.testkit.conformance.WireNames.Op;
import org.openekm.testkit.conformance.http.RawRequest;

/** Bodies that must be refused. */
public final class BodyChecks {

  private static final int DEEP = 100_000;
  private static final int TOO_LARGE = 3 * 1024 * 1024;

  private BodyChecks() {}

  /** Returns the checks. */
  public static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    noObject(checks);
    sizesAndTypes(checks);
    return List.copyOf(checks);
  }

  private static void noObject(List<Check> checks) {
    refused(checks, "no-json", "A body that is not JSON", "plaintext=AAAA");
    refused(checks, "array", "A body that is an array", "[{\"plaintext\":\"AAAA\"}]");
    refused(
        checks, "trailing", "A body with something after the object", "{\"plaintext\":\"AAAA\"}{}");
    refused(
        checks,
        "duplicate",
        "A field given twice",
        "{\"plaintext\":\"AAAA\",\"plaintext\":\"BBBB\"}");
    refused(checks, "number", "A plaintext that is a number", "{\"plaintext\":1234}");
    refused(checks, "object", "A plaintext that is an object", "{\"plaintext\":{}}");
    refused(checks, "missing", "A missing plaintext", "{\"mode\":\"AES_GCM\"}");
    refused(checks, "cut", "A body that ends too early", "{\"plaintext\":\"AAAA\"");
    refused(checks, "empty", "An empty body of Encrypt", "");
    refused(
        checks,
        "mode",
        "A mode that is not AES-GCM",
        "{\"plaintext\":\"AAAA\",\"mode\":\"AES_ECB\"}");
    refused(
        checks, "utf8", "A body that is not UTF-8", "{\"plaintext\":\"AAAA\",\"x\":\"\uD800\"}");
    checks.add(
        must("body.deep", "JSON nested 100,000 deep is refused and breaks nothing.")
            .by(
                Evidence.STANDARD,
                bench -> refusal(bench, encryption(bench, "{\"x\":" + "[".repeat(DEEP)))));
    checks.add(
        must("body.too-large", "A body of 3 MiB is refused.")
            .by(Evidence.INFERRED, BodyChecks::tooLarge));
  }

  private static void sizesAndTypes(List<Check> checks) {
    checks.add(
        must("body.gzip", "A compressed body is refused: it could unpack to any size.")
            .by(Evidence.INFERRED, BodyChecks::gzip));
    checks.add(
        should("body.media-type", "A body of another media type is refused.")
            .by(
                Evidence.INFERRED,
                bench ->
                    refusal(
                        bench,
                        encryption(bench, "{\"plaintext\":\"AAAA\"}")
                            .with("Content-Type", "text/xml"))));
    for (String field : List.of("ciphertext", "iv", "tag")) {
      checks.add(
          must("body.decrypt-without-" + field, "Decrypt without " + field + " is answered 400.")
              .by(Evidence.INFERRED, without(field)));
    }
    for (Object length : List.of(0, -1, 1_000_000, "x", 1.5)) {
      String name = String.valueOf(length).replaceAll("[^a-z0-9]", "-");
      checks.add(
          must(
                  "body.random-length." + (name.startsWith("-") ? "minus" + name : name),
                  "GenerateRandomBytes with a length of " + length + " is answered 400.")
              .by(
                  Evidence.INFERRED,
                  bench ->
                      Expect.refusal(
                          400,
                          bench.send(
                              bench.operation(Op.RANDOM, bench.key(), Map.of("length", length))))));
    }
  }

  private static void refused(List<Check> checks, String id, String what, String body) {
    checks.add(
        must("body." + id, what + " is answered 400.")
            .by(Evidence.INFERRED, bench -> Expect.refusal(400, bench.send(raw(bench, body)))));
  }

  /** A lone surrogate becomes a byte that UTF-8 does not know. */
  private static byte[] raw(Bench bench, String body) {
    RawRequest request = encryption(bench, body);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = body.indexOf('\uD800') >= 0 && bytes[i] == '?' ? (byte) 0xFF : bytes[i];
    }
    return new RawRequest(request.method(), request.target(), request.headers(), bytes).bytes();
  }

  private static RawRequest encryption(Bench bench, String body) {
    return bench.request("POST", Bench.keyPath(bench.key(), "encrypt")).body(body);
  }

  private static void refusal(Bench bench, RawRequest request) throws IOException {
    Expect.refusedOrClosed(() -> bench.sendAlone(request.bytes()));
  }

  private static void tooLarge(Bench bench) throws IOException {
    String body = "{\"plaintext\":\"" + "A".repeat(TOO_LARGE) + "\"}";
    refusal(bench, encryption(bench, body));
  }

  private static void gzip(Bench bench) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("{\"plaintext\":\"AAAA\"}".getBytes(StandardCharsets.US_ASCII));
    }
    RawRequest request = encryption(bench, "").header("Content-Encoding", "gzip");
    RawRequest full =
        new RawRequest(request.method(), request.target(), request.headers(), packed.toByteArray());
    refusal(bench, full);
  }

  private static Probe without(String field) {
    return bench -> {
      Sealed sealed = bench.encrypt(new byte[32], NO_AAD);
      Fields fields = sealed.fields().without(field);
      if (field.equals("tag")) {
        // Some endpoints take the ciphertext's end for the tag; then it is a wrong one.
        fields.and("ciphertext", Fields.base64(sealed.ciphertext()));
      }
      Expect.refusal(400, bench.send(bench.operation(Op.DECRYPT, bench.key(), fields.map())));
    };
  }
}
