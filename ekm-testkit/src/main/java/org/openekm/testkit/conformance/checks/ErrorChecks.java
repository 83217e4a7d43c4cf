// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.checks;

import static org.openekm.testkit.conformance.Check.must;
import static org.openekm.testkit.conformance.Check.should;
import static org.openekm.testkit.conformance.checks.WireChecks.AAD;
import static org.openekm.testkit.conformance.checks.WireChecks.NO_AAD;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.Evidence;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.Fields;
import org.openekm.testkit.conformance.Finding;
import org.openekm.testkit.conformance.JsonAnswer;
import org.openekm.testkit.conformance.Need;
import org.openekm.testkit.conformance.Sealed;
import org.openekm.testkit.conformance.WireNames.Op;
import org.openekm.testkit.conformance.http.RawAnswer;
import org.openekm.testkit.conformance.http.RawRequest;

/**
 * The error table of Oracle's "External KMS Vendor API Reference": each row's status as a check
 * that must hold, its text as one that should.
 */
public final class ErrorChecks {

  private static final Row NO_VAULT = new Row(404, "Error in getting OCI vault");
  private static final Row NO_KEY = new Row(404, "Invalid key details provided");
  private static final Row NO_VERSION = new Row(404, "Invalid Key details");
  private static final Row BASE64 = new Row(400, "illegal base64 data at input byte");

  private ErrorChecks() {}

  /** What the table says of a case. */
  private record Row(int status, String text) {}

  @FunctionalInterface
  private interface Ask {
    RawAnswer of(Bench bench) throws IOException;
  }

  /** Returns the checks. */
  public static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    unknownVaultAndKeys(checks);
    brokenBase64(checks);
    otherRefusals(checks);
    paths(checks);
    return List.copyOf(checks);
  }

  private static void unknownVaultAndKeys(List<Check> checks) {
    row(
        checks,
        "vault-unknown",
        "GetVaultMetadata of an unknown vault",
        NO_VAULT,
        bench -> bench.send(elsewhere(bench)));
    row(
        checks,
        "key-unknown-metadata",
        "GetKeyMetadata of an unknown key",
        NO_KEY,
        bench -> bench.send(bench.request("GET", Bench.keyPath(unknown(), "metadata"))));
    row(
        checks,
        "key-unknown-encrypt",
        "Encrypt under an unknown key",
        NO_KEY,
        bench -> bench.send(bench.encryption(unknown(), new byte[16], NO_AAD)));
    row(
        checks,
        "key-unknown-decrypt",
        "Decrypt under an unknown key",
        NO_KEY,
        bench ->
            bench.send(bench.decryption(unknown(), bench.encrypt(new byte[16], NO_AAD), NO_AAD)));
  }

  private static void brokenBase64(List<Check> checks) {
    row(
        checks,
        "version-unknown",
        "GetKeyVersionMetadata of an unknown version",
        NO_VERSION,
        bench ->
            bench.send(
                bench.request(
                    "GET", Bench.keyPath(bench.key(), "keyVersions/" + unknown() + "/metadata"))));
    row(
        checks,
        "ciphertext-base64",
        "A ciphertext that is not base64",
        BASE64,
        bench -> broken(bench, "ciphertext"));
    row(
        checks,
        "random-aad-base64",
        "GenerateRandomBytes with AAD that is not base64",
        BASE64,
        bench ->
            bench.send(
                bench.operation(
                    Op.RANDOM, bench.key(), Fields.of("length", 16).and("aad", "AAAA%%%%").map())));
    checks.add(
        must(
                "error.random-key-unknown",
                "GenerateRandomBytes under an unknown key is answered 404.")
            .by(
                Evidence.INFERRED,
                bench ->
                    Expect.refusal(
                        404, bench.send(bench.operation(Op.RANDOM, unknown(), Map.of())))));
  }

  private static void otherRefusals(List<Check> checks) {
    checks.add(
        must("error.encrypt-version-unknown", "Encrypt under an unknown version is answered 404.")
            .by(
                Evidence.INFERRED,
                bench ->
                    Expect.refusal(
                        404,
                        bench.send(
                            bench.operation(
                                Op.ENCRYPT,
                                bench.key(),
                                Fields.of("plaintext", new byte[16])
                                    .and("keyVersionId", unknown())
                                    .map())))));
    for (String field : List.of("iv", "tag", "aad")) {
      checks.add(
          must(
                  "error." + field + "-base64",
                  "Decrypt with " + field + " that is not base64 is answered 400.")
              .by(Evidence.OFFICIAL, bench -> Expect.refusal(400, broken(bench, field))));
    }
    checks.add(
        must("error.plaintext-base64", "Encrypt of a plaintext that is not base64 is answered 400.")
            .by(
                Evidence.OFFICIAL,
                bench ->
                    Expect.refusal(
                        400,
                        bench.send(
                            bench.operation(
                                Op.ENCRYPT,
                                bench.key(),
                                Fields.of("plaintext", "AAAA%%%%").map())))));
  }

  private static void paths(List<Check> checks) {
    checks.add(
        must(
                "error.body",
                "An error body has code and message as strings, code is the status, and nothing else is in it.")
            .by(Evidence.OFFICIAL, ErrorChecks::bodyShape));
    checks.add(
        must("error.other-vaults-key", "A key of another vault is answered like an unknown key.")
            .by(Evidence.INFERRED, ErrorChecks::otherVault, Need.OTHER_VAULT));
    checks.add(
        must("error.route-unknown", "An unknown path below the vault is answered 404.")
            .by(
                Evidence.INFERRED,
                bench -> Expect.refusal(404, bench.send(bench.request("GET", "/nothing")))));
    checks.add(
        must("error.method", "DELETE, PUT and PATCH on a key are refused.")
            .by(Evidence.OFFICIAL, ErrorChecks::methods));
    checks.add(
        should("error.get-on-post", "GET on Encrypt is answered 404 or 405.")
            .by(
                Evidence.INFERRED,
                bench ->
                    Expect.statusIn(
                        List.of(404, 405),
                        bench.send(bench.request("GET", Bench.keyPath(bench.key(), "encrypt"))))));
    checks.add(
        must("error.path-tricks", "Dots, encoded slashes and ids that are no ids find nothing.")
            .by(Evidence.INFERRED, ErrorChecks::pathTricks));
  }

  private static void row(List<Check> checks, String id, String what, Row row, Ask ask) {
    checks.add(
        must("error." + id, what + " is answered " + row.status() + ".")
            .by(Evidence.OFFICIAL, bench -> Expect.refusal(row.status(), ask.of(bench))));
    checks.add(
        should("text." + id, what + " is answered with the table's text: " + row.text())
            .by(Evidence.OFFICIAL, bench -> Expect.message(row.text(), ask.of(bench))));
  }

  static String unknown() {
    return UUID.randomUUID().toString();
  }

  private static RawRequest elsewhere(Bench bench) {
    String path = bench.path("");
    String base = path.substring(0, path.lastIndexOf('/') + 1);
    return bench.request("GET", "/metadata").target(base + unknown() + "/metadata");
  }

  private static RawAnswer broken(Bench bench, String field) throws IOException {
    Sealed sealed = bench.encrypt(new byte[16], AAD);
    Map<String, Object> fields = sealed.fields().aad(AAD).and(field, "AAAA%%%%").map();
    return bench.send(bench.operation(Op.DECRYPT, bench.key(), fields));
  }

  private static void bodyShape(Bench bench) throws IOException {
    RawAnswer answer = bench.send(bench.request("GET", Bench.keyPath(unknown(), "metadata")));
    Expect.refusal(404, answer);
    Expect.that(JsonAnswer.of(answer).size() == 2, "there are other fields than code and message");
  }

  private static void otherVault(Bench bench) throws IOException {
    String path = Bench.vaultPath(bench.target().otherVault().orElseThrow());
    for (String operation : List.of("encrypt", "generateRandomBytes")) {
      RawRequest request = bench.encryption(bench.key(), new byte[16], NO_AAD);
      Expect.refusal(404, bench.send(request.target(path + Bench.keyPath(bench.key(), operation))));
    }
    RawRequest request = bench.request("GET", "/metadata");
    Expect.refusal(404, bench.send(request.target(path + Bench.keyPath(bench.key(), "metadata"))));
  }

  private static void methods(Bench bench) throws IOException {
    for (String method : List.of("DELETE", "PUT", "PATCH", "TRACE")) {
      RawRequest request = bench.request("GET", Bench.keyPath(bench.key(), "metadata"));
      Expect.refusedOrClosed(() -> bench.sendAlone(request.method(method).bytes()));
    }
  }

  private static void pathTricks(Bench bench) throws IOException {
    String good = bench.path(Bench.keyPath(bench.key(), "metadata"));
    for (String bad :
        List.of(
            bench.path("/keys/./" + bench.key() + "/metadata/../encrypt"),
            good.replace("/metadata", "%2Fmetadata"),
            good.replace(bench.key(), "..%2f..%2f" + bench.key()),
            good.replace(bench.key(), "x' or '1'='1".replace(' ', '+')),
            good.replace(bench.key(), "*"))) {
      RawRequest request = bench.request("GET", "/metadata").target(bad);
      Expect.refusedOrClosed(() -> bench.sendAlone(request.bytes()));
    }
  }

  /** Fails if an answer of 200 comes; for checks of other classes. */
  static void notServed(RawAnswer answer) {
    if (answer.status() >= 200 && answer.status() < 300) {
      throw new Finding("expected a refusal, got " + answer.status());
    }
  }
}
