// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.checks;

import static org.openekm.testkit.conformance.Check.info;
import static org.openekm.testkit.conformance.Check.must;
import static org.openekm.testkit.conformance.Check.should;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.Evidence;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.Fields;
import org.openekm.testkit.conformance.JsonAnswer;
import org.openekm.testkit.conformance.Sealed;
import org.openekm.testkit.conformance.WireNames.Op;
import org.openekm.testkit.conformance.http.RawAnswer;
import org.openekm.testkit.conformance.http.RawRequest;

/** The six operations and the headers, as OCI is expected to use them. */
public final class WireChecks {

  static final Optional<byte[]> NO_AAD = Optional.empty();
  static final Optional<byte[]> AAD =
      Optional.of("conformance".getBytes(StandardCharsets.US_ASCII));
  private static final int RANDOM_DEFAULT = 32;
  private static final int RANDOM_MOST = 1024;
  private static final int KIB = 1024;

  private WireChecks() {}

  /** Returns the checks. */
  public static List<Check> all() {
    List<Check> all = new ArrayList<>();
    all.addAll(operations());
    all.addAll(randomBytes());
    all.addAll(headers());
    return List.copyOf(all);
  }

  private static List<Check> operations() {
    return List.of(
        must("wire.vault-metadata", "GetVaultMetadata answers 200 with a JSON object.")
            .by(Evidence.OFFICIAL, bench -> bench.ok(bench.request("GET", "/metadata"))),
        should("wire.vault-state", "GetVaultMetadata names the vault's id and state.")
            .by(Evidence.INFERRED, WireChecks::vaultState),
        must(
                "wire.key-metadata",
                "GetKeyMetadata names the current key version: OCI learns it there.")
            .by(Evidence.INFERRED, bench -> currentVersion(bench)),
        must("wire.version-metadata", "GetKeyVersionMetadata answers for the current version.")
            .by(Evidence.OFFICIAL, WireChecks::versionMetadata),
        should("wire.key-shape", "GetKeyMetadata says AES and a length of 32 bytes.")
            .by(Evidence.INFERRED, WireChecks::keyShape),
        must(
                "wire.encrypt",
                "Encrypt takes plaintext and mode and answers with ciphertext, IV and tag.")
            .by(Evidence.VENDOR, bench -> bench.encrypt(new byte[16], NO_AAD)),
        must("wire.decrypt", "Decrypt gives the plaintext back.")
            .by(
                Evidence.OFFICIAL,
                bench -> roundTrip(bench, "hello".getBytes(StandardCharsets.US_ASCII), NO_AAD)),
        must("wire.aad", "Encrypt and Decrypt take additional authenticated data.")
            .by(Evidence.OFFICIAL, bench -> roundTrip(bench, new byte[32], AAD)));
  }

  private static List<Check> randomBytes() {
    return List.of(
        must("wire.decrypt-with-version", "Decrypt takes the key version that encrypted.")
            .by(Evidence.OFFICIAL, WireChecks::decryptWithVersion),
        must("wire.encrypt-with-version", "Encrypt takes a key version.")
            .by(Evidence.OFFICIAL, WireChecks::encryptWithVersion),
        must("wire.version-named", "Encrypt names the version that it used: the current one.")
            .by(Evidence.INFERRED, WireChecks::versionNamed),
        should("wire.one-byte", "A plaintext of one byte can be encrypted.")
            .by(Evidence.INFERRED, bench -> roundTrip(bench, new byte[] {7}, NO_AAD)),
        must("wire.4-kib", "A plaintext of 4 KiB can be encrypted.")
            .by(Evidence.INFERRED, bench -> roundTrip(bench, new byte[4 * KIB], AAD)),
        info("wire.64-kib", "A plaintext of 64 KiB can be encrypted.")
            .by(Evidence.INFERRED, bench -> roundTrip(bench, new byte[64 * KIB], NO_AAD)),
        must("wire.random", "GenerateRandomBytes gives as many bytes as were asked for.")
            .by(Evidence.OFFICIAL, WireChecks::randomLengths),
        should("wire.random-default", "GenerateRandomBytes without a length gives 32 bytes.")
            .by(Evidence.INFERRED, bench -> random(bench, Map.of(), RANDOM_DEFAULT)),
        should("wire.random-empty-body", "GenerateRandomBytes takes an empty body.")
            .by(Evidence.INFERRED, WireChecks::randomEmptyBody),
        should(
                "wire.random-sealed",
                "GenerateRandomBytes also gives the bytes encrypted, with the request's AAD.")
            .by(Evidence.INFERRED, WireChecks::randomSealed));
  }

  private static List<Check> headers() {
    return List.of(
        must("wire.content-type", "Answers are application/json.")
            .by(Evidence.OFFICIAL, bench -> header(bench, "Content-Type", "application/json")),
        should("wire.request-id", "opc-request-id comes back as it was sent.")
            .by(Evidence.INFERRED, WireChecks::requestId),
        should("wire.no-store", "Answers must not be cached.")
            .by(Evidence.INFERRED, bench -> header(bench, "Cache-Control", "no-store")),
        must("wire.content-type-charset", "Content-Type may have a charset.")
            .by(
                Evidence.STANDARD,
                bench -> accepted(bench, "Content-Type", "application/json; charset=UTF-8")),
        must("wire.no-accept", "No Accept header is needed, and any is fine.")
            .by(Evidence.INFERRED, bench -> accepted(bench, "Accept", "text/plain")),
        must("wire.retry-token", "opc-retry-token is ignored.")
            .by(Evidence.INFERRED, bench -> accepted(bench, "opc-retry-token", "abc")),
        should("wire.no-content-type", "A missing Content-Type counts as JSON.")
            .by(Evidence.INFERRED, WireChecks::withoutContentType),
        should("wire.upper-case-ids", "Ids are taken in either case.")
            .by(Evidence.INFERRED, WireChecks::upperCaseIds),
        must(
                "wire.retried",
                "The same request sent twice, as OCI does after a time-out, works twice.")
            .by(Evidence.OFFICIAL, WireChecks::retried));
  }

  static String currentVersion(Bench bench) throws IOException {
    JsonAnswer key = bench.ok(bench.request("GET", Bench.keyPath(bench.key(), "metadata")));
    return key.text(bench.names().response(Op.KEY, "keyVersionId").orElse("keyVersionId"));
  }

  static void roundTrip(Bench bench, byte[] plaintext, Optional<byte[]> aad) throws IOException {
    Sealed sealed = bench.encrypt(plaintext, aad);
    Expect.same(
        plaintext,
        decrypted(bench, bench.decryption(sealed, aad)),
        "Decrypt gave another plaintext");
  }

  static byte[] decrypted(Bench bench, RawRequest request) throws IOException {
    return bench
        .ok(request)
        .bytes(bench.names().response(Op.DECRYPT, "plaintext").orElse("plaintext"));
  }

  private static void vaultState(Bench bench) throws IOException {
    JsonAnswer vault = bench.ok(bench.request("GET", "/metadata"));
    String path = bench.path("");
    Expect.that(
        path.toLowerCase(Locale.ROOT)
            .endsWith(
                vault
                    .text(bench.names().response(Op.VAULT, "vaultId").orElse("vaultId"))
                    .toLowerCase(Locale.ROOT)),
        "the id is not the one in the URL");
    vault.text(bench.names().response(Op.VAULT, "state").orElse("state"));
  }

  private static void versionMetadata(Bench bench) throws IOException {
    String version = currentVersion(bench);
    JsonAnswer answer =
        bench.ok(
            bench.request(
                "GET", Bench.keyPath(bench.key(), "keyVersions/" + version + "/metadata")));
    String named =
        answer.text(bench.names().response(Op.VERSION, "keyVersionId").orElse("keyVersionId"));
    Expect.that(named.equalsIgnoreCase(version), "the answer names another version");
  }

  private static void keyShape(Bench bench) throws IOException {
    JsonAnswer key = bench.ok(bench.request("GET", Bench.keyPath(bench.key(), "metadata")));
    Expect.that(key.text("algorithm").startsWith("AES"), "the algorithm is not AES");
    Expect.that(key.get("length").asInt(0) == 32, "the length is not 32 bytes");
  }

  private static void decryptWithVersion(Bench bench) throws IOException {
    String version = currentVersion(bench);
    Sealed sealed = bench.encrypt(new byte[16], AAD);
    Map<String, Object> fields = sealed.fields().aad(AAD).and("keyVersionId", version).map();
    Expect.same(
        new byte[16],
        decrypted(bench, bench.operation(Op.DECRYPT, bench.key(), fields)),
        "Decrypt gave another plaintext");
  }

  private static void encryptWithVersion(Bench bench) throws IOException {
    Map<String, Object> fields =
        Fields.of("plaintext", new byte[16]).and("keyVersionId", currentVersion(bench)).map();
    Sealed.read(bench, Op.ENCRYPT, bench.ok(bench.operation(Op.ENCRYPT, bench.key(), fields)));
  }

  private static void versionNamed(Bench bench) throws IOException {
    String named = bench.encrypt(new byte[16], NO_AAD).version();
    Expect.that(
        named.equalsIgnoreCase(currentVersion(bench)),
        "Encrypt names the version \"" + named + "\", not the current one");
  }

  private static byte[] random(Bench bench, Map<String, ?> fields, int expected)
      throws IOException {
    byte[] random =
        bench
            .ok(bench.operation(Op.RANDOM, bench.key(), fields))
            .bytes(bench.names().response(Op.RANDOM, "plaintext").orElse("plaintext"));
    Expect.that(random.length == expected, "expected " + expected + " bytes, got " + random.length);
    return random;
  }

  private static void randomLengths(Bench bench) throws IOException {
    for (int length : new int[] {1, 16, 32, 64, RANDOM_MOST}) {
      random(bench, Map.of("length", length), length);
    }
  }

  private static void randomEmptyBody(Bench bench) throws IOException {
    bench.ok(bench.request("POST", Bench.keyPath(bench.key(), "generateRandomBytes")));
  }

  private static void randomSealed(Bench bench) throws IOException {
    JsonAnswer answer =
        bench.ok(bench.operation(Op.RANDOM, bench.key(), Fields.of("length", 32).aad(AAD).map()));
    byte[] random =
        answer.bytes(bench.names().response(Op.RANDOM, "plaintext").orElse("plaintext"));
    Sealed sealed = Sealed.read(bench, Op.RANDOM, answer);
    Expect.same(
        random,
        decrypted(bench, bench.decryption(sealed, AAD)),
        "the ciphertext is not that of the random bytes");
  }

  private static void header(Bench bench, String name, String start) throws IOException {
    for (String below : List.of("/metadata", "/keys/none/metadata")) {
      RawAnswer answer = bench.send(bench.request("GET", below));
      Expect.that(
          answer.header(name).orElse("").toLowerCase(Locale.ROOT).startsWith(start),
          "the header "
              + name
              + " of an answer with status "
              + answer.status()
              + " is not "
              + start);
    }
  }

  private static void requestId(Bench bench) throws IOException {
    String id = "abcd/EFGH-0123.4567_" + bench.key();
    RawAnswer answer = bench.send(bench.request("GET", "/metadata").with("opc-request-id", id));
    Expect.that(
        answer.header("opc-request-id").orElse("").equals(id), "opc-request-id was not echoed");
  }

  private static void accepted(Bench bench, String name, String value) throws IOException {
    bench.ok(bench.encryption(bench.key(), new byte[16], NO_AAD).with(name, value));
  }

  private static void withoutContentType(Bench bench) throws IOException {
    bench.ok(bench.encryption(bench.key(), new byte[16], NO_AAD).without("Content-Type"));
  }

  private static void upperCaseIds(Bench bench) throws IOException {
    String key = bench.key().toUpperCase(Locale.ROOT);
    bench.ok(bench.encryption(key, new byte[16], NO_AAD));
  }

  private static void retried(Bench bench) throws IOException {
    RawRequest request = bench.encryption(bench.key(), new byte[16], NO_AAD);
    Sealed first = Sealed.read(bench, Op.ENCRYPT, bench.ok(request));
    Sealed second = Sealed.read(bench, Op.ENCRYPT, bench.ok(request));
    Expect.that(!java.util.Arrays.equals(first.iv(), second.iv()), "both answers have the same IV");
    decrypted(bench, bench.decryption(first, NO_AAD));
    decrypted(bench, bench.decryption(second, NO_AAD));
  }
}
