// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.checks;

import static org.openekm.testkit.conformance.Check.info;
import static org.openekm.testkit.conformance.Check.should;
import static org.openekm.testkit.conformance.checks.WireChecks.AAD;
import static org.openekm.testkit.conformance.checks.WireChecks.NO_AAD;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.Evidence;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.Fields;
import org.openekm.testkit.conformance.Sealed;
import org.openekm.testkit.conformance.WireNames;
import org.openekm.testkit.conformance.WireNames.Op;
import org.openekm.testkit.conformance.http.RawRequest;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an endpoint had better forgive while OCI's names and forms are not published. All of it is
 * inferred.
 */
public final class LenientChecks {

  private static final JsonMapper JSON = JsonMapper.shared();

  private LenientChecks() {}

  /** Returns the checks. */
  public static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    names(checks);
    values(checks);
    return List.copyOf(checks);
  }

  private static void names(List<Check> checks) {
    synonyms(checks, Op.ENCRYPT, "plaintext");
    synonyms(checks, Op.ENCRYPT, "aad");
    synonyms(checks, Op.ENCRYPT, "mode");
    synonyms(checks, Op.DECRYPT, "ciphertext");
    synonyms(checks, Op.DECRYPT, "iv");
    synonyms(checks, Op.DECRYPT, "tag");
    synonyms(checks, Op.DECRYPT, "keyVersionId");
    synonyms(checks, Op.RANDOM, "length");
    List<String> modes = WireNames.standard().modes();
    for (String mode : modes.subList(1, modes.size())) {
      checks.add(
          info("lenient.mode." + id(mode), "The mode may be spelled " + mode + ".")
              .by(
                  Evidence.INFERRED,
                  bench ->
                      bench.ok(
                          bench.operation(
                              Op.ENCRYPT,
                              bench.key(),
                              Fields.of("plaintext", new byte[16]).and("mode", mode).map()))));
    }
    checks.add(
        should("lenient.null", "A field that is null counts as absent.")
            .by(
                Evidence.INFERRED,
                bench ->
                    encrypt(bench, "{\"plaintext\":\"AAAA\",\"aad\":null,\"keyVersionId\":null}")));
    checks.add(
        should("lenient.unknown-field", "A field that nobody knows is ignored.")
            .by(
                Evidence.INFERRED,
                bench ->
                    encrypt(bench, "{\"plaintext\":\"AAAA\",\"loggingContext\":{\"a\":\"b\"}}")));
  }

  private static void values(List<Check> checks) {
    checks.add(
        info("lenient.length-text", "A length may be a string of digits.")
            .by(
                Evidence.INFERRED,
                bench ->
                    bench.ok(bench.operation(Op.RANDOM, bench.key(), Map.of("length", "32")))));
    checks.add(
        info("lenient.no-padding", "Base64 may lack its padding.")
            .by(Evidence.INFERRED, bench -> encrypt(bench, "{\"plaintext\":\"AAA\"}")));
    checks.add(
        info("lenient.url-safe", "Base64 may use the URL-safe alphabet.")
            .by(Evidence.INFERRED, bench -> encrypt(bench, "{\"plaintext\":\"_-8=\"}")));
    checks.add(
        info("lenient.appended-tag", "Without a tag, the ciphertext's last 16 bytes are the tag.")
            .by(Evidence.INFERRED, LenientChecks::appendedTag));
    checks.add(
        info("lenient.version-in-query", "The version may be in the query.")
            .by(Evidence.INFERRED, bench -> versionElsewhere(bench, "/decrypt?keyVersionId=", "")));
    checks.add(
        info("lenient.version-in-path", "The version may be in the path.")
            .by(Evidence.INFERRED, bench -> versionElsewhere(bench, "/keyVersions/", "/decrypt")));
    checks.add(
        info("lenient.trailing-slash", "A slash at the end of the path is tolerated.")
            .by(Evidence.INFERRED, bench -> bench.ok(bench.request("GET", "/metadata/"))));
    checks.add(
        info("lenient.bearer-case", "The word Bearer may be written in any case.")
            .by(
                Evidence.STANDARD,
                bench ->
                    bench.ok(
                        bench
                            .request("GET", "/metadata")
                            .with("Authorization", "bearer " + bench.target().tokens().token()))));
  }

  private static String id(String text) {
    String hyphens = text.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT);
    return hyphens.replaceAll("[^a-z0-9]+", "-");
  }

  private static void synonyms(List<Check> checks, Op op, String field) {
    List<String> names = WireNames.standard().synonyms(op, field);
    for (String name : names.subList(Math.min(1, names.size()), names.size())) {
      checks.add(
          info(
                  "lenient." + id(op.name()) + "." + id(name),
                  name + " may stand for " + names.get(0) + ".")
              .by(Evidence.INFERRED, bench -> renamed(bench, op, names.get(0), name)));
    }
  }

  private static void renamed(Bench bench, Op op, String canonical, String name)
      throws IOException {
    Map<String, Object> fields =
        switch (op) {
          case ENCRYPT ->
              Fields.of("plaintext", new byte[16]).aad(AAD).and("mode", "AES_GCM").map();
          case DECRYPT -> {
            Sealed sealed = bench.encrypt(new byte[16], AAD);
            yield sealed.fields().aad(AAD).and("keyVersionId", sealed.version()).map();
          }
          default -> Fields.of("length", 64).map();
        };
    Map<String, Object> renamed = new LinkedHashMap<>();
    fields.forEach((field, value) -> renamed.put(field.equals(canonical) ? name : field, value));
    RawRequest request =
        bench.operation(op, bench.key(), Map.of()).body(JSON.writeValueAsString(renamed));
    var answer = bench.ok(request);
    if (op == Op.ENCRYPT) {
      byte[] plaintext =
          WireChecks.decrypted(bench, bench.decryption(Sealed.read(bench, op, answer), AAD));
      Expect.same(new byte[16], plaintext, "the value under the name " + name + " was not used");
    } else if (op == Op.RANDOM) {
      String named = bench.names().response(op, "plaintext").orElse("plaintext");
      Expect.that(
          answer.bytes(named).length == 64, "the value under the name " + name + " was not used");
    }
  }

  private static void encrypt(Bench bench, String body) throws IOException {
    bench.ok(bench.request("POST", Bench.keyPath(bench.key(), "encrypt")).body(body));
  }

  private static void appendedTag(Bench bench) throws IOException {
    Sealed sealed = bench.encrypt(new byte[16], NO_AAD);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(sealed.ciphertext());
    all.writeBytes(sealed.tag());
    Map<String, Object> fields =
        sealed
            .fields()
            .without("tag")
            .and("ciphertext", Base64.getEncoder().encodeToString(all.toByteArray()))
            .map();
    WireChecks.decrypted(bench, bench.operation(Op.DECRYPT, bench.key(), fields));
  }

  private static void versionElsewhere(Bench bench, String before, String after)
      throws IOException {
    Sealed sealed = bench.encrypt(new byte[16], NO_AAD);
    RawRequest request = bench.decryption(sealed, NO_AAD);
    String path = bench.path("/keys/" + bench.key() + before + sealed.version() + after);
    WireChecks.decrypted(bench, request.target(path));
  }
}
