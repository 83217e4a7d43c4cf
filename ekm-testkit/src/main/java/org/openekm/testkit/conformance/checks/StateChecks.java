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
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.Evidence;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.Fields;
import org.openekm.testkit.conformance.Need;
import org.openekm.testkit.conformance.Probe;
import org.openekm.testkit.conformance.Sealed;
import org.openekm.testkit.conformance.VendorHooks.Action;
import org.openekm.testkit.conformance.WireNames.Op;
import org.openekm.testkit.conformance.http.RawAnswer;
import org.openekm.testkit.conformance.http.RawConnection;
import org.openekm.testkit.conformance.http.RawRequest;

/** Blocked, disabled, rotated and destroyed keys. Each check puts the key back as it was. */
public final class StateChecks {

  private static final int STORM = 10;

  private StateChecks() {}

  /** Returns the checks; the ones that can't be undone come last. */
  public static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    blocked(checks);
    rotatedAndDestroyed(checks);
    return List.copyOf(checks);
  }

  private static void blocked(List<Check> checks) {
    while403(checks, "blocked", Action.BLOCK_KEY, Action.UNBLOCK_KEY, Need.KEY_BLOCK);
    while403(checks, "disabled", Action.DISABLE_KEY, Action.ENABLE_KEY, Need.KEY_DISABLE);
    while403(checks, "vault-blocked", Action.BLOCK_VAULT, Action.UNBLOCK_VAULT, Need.VAULT_BLOCK);
    checks.add(
        must("state.vault-blocked.metadata", "GetVaultMetadata of a blocked vault is answered 403.")
            .by(
                Evidence.OFFICIAL,
                refused(Action.BLOCK_VAULT, bench -> bench.request("GET", "/metadata")),
                Need.VAULT_BLOCK));
    checks.add(
        should(
                "text.key-disabled",
                "Encrypt under a disabled key is answered with the table's text.")
            .by(
                Evidence.OFFICIAL,
                disabledText(
                    Op.ENCRYPT, "OCI key is not in Active state to perform the operation."),
                Need.KEY_DISABLE));
    checks.add(
        should(
                "text.random-key-disabled",
                "GenerateRandomBytes under a disabled key is answered with the table's text.")
            .by(
                Evidence.OFFICIAL,
                disabledText(Op.RANDOM, "Key is in disabled state."),
                Need.KEY_DISABLE));
    checks.add(
        must(
                "state.block-at-once",
                "After a block is acknowledged, not one request succeeds, on old and new connections.")
            .by(Evidence.INFERRED, StateChecks::blockAtOnce, Need.KEY_BLOCK));
  }

  private static void rotatedAndDestroyed(List<Check> checks) {
    checks.add(
        must(
                "state.block-storm",
                "Block and unblock in quick succession: each is in force when it is acknowledged.")
            .by(Evidence.INFERRED, StateChecks::storm, Need.KEY_BLOCK));
    checks.add(
        must("state.blocked-order", "A bad token for a blocked key is answered 401, not 403.")
            .by(Evidence.INFERRED, StateChecks::order, Need.KEY_BLOCK));
    checks.add(
        must("state.other-key-serves", "A blocked key does not keep another one from serving.")
            .by(Evidence.INFERRED, StateChecks::otherKeyServes, Need.KEY_BLOCK, Need.OTHER_KEY));
    checks.add(
        must("state.rotated", "After a rotation the metadata and Encrypt name a new version.")
            .by(Evidence.OFFICIAL, StateChecks::rotated, Need.KEY_ROTATE));
    checks.add(
        must(
                "state.rotated-decrypt",
                "What an old version encrypted can be read, with and without naming it.")
            .by(Evidence.INFERRED, StateChecks::rotatedDecrypt, Need.KEY_ROTATE));
    checks.add(
        must(
                "state.rotated-pinned",
                "An old version still encrypts when it is named: key references may be pinned.")
            .by(Evidence.OFFICIAL, StateChecks::rotatedPinned, Need.KEY_ROTATE));
    checks.add(
        must(
                "state.wrong-version",
                "What one version encrypted is refused under another that is named.")
            .by(Evidence.STANDARD, StateChecks::wrongVersion, Need.KEY_ROTATE));
    checks.add(
        must(
                "state.destroyed",
                "A destroyed key is answered 404, and nothing can be read any more.")
            .by(Evidence.OFFICIAL, StateChecks::destroyed, Need.KEY_DESTROY, Need.DISPOSABLE_KEY));
  }

  @FunctionalInterface
  private interface Ask {
    RawRequest of(Bench bench) throws IOException;
  }

  private static void while403(List<Check> checks, String state, Action off, Action on, Need need) {
    String subject =
        state.equals("vault-blocked") ? "in a blocked vault" : "under a " + state + " key";
    Evidence evidence = state.equals("disabled") ? Evidence.OFFICIAL : Evidence.VENDOR;
    checks.add(
        must("state." + state + ".encrypt", "Encrypt " + subject + " is answered 403.")
            .by(
                evidence,
                refused(off, bench -> bench.encryption(bench.key(), new byte[16], NO_AAD)),
                need));
    checks.add(
        must("state." + state + ".decrypt", "Decrypt " + subject + " is answered 403.")
            .by(evidence, bench -> decryptRefused(bench, off, on), need));
    checks.add(
        must("state." + state + ".random", "GenerateRandomBytes " + subject + " is answered 403.")
            .by(
                evidence,
                refused(off, bench -> bench.operation(Op.RANDOM, bench.key(), Map.of())),
                need));
    checks.add(
        must("state." + state + ".key-metadata", "GetKeyMetadata " + subject + " is answered 403.")
            .by(
                evidence,
                refused(off, bench -> bench.request("GET", Bench.keyPath(bench.key(), "metadata"))),
                need));
  }

  private static Action opposite(Action action) {
    return switch (action) {
      case BLOCK_KEY -> Action.UNBLOCK_KEY;
      case BLOCK_VAULT -> Action.UNBLOCK_VAULT;
      case DISABLE_KEY -> Action.ENABLE_KEY;
      default -> throw new IllegalArgumentException("nothing undoes " + action);
    };
  }

  /** What to do while the key does not serve. */
  @FunctionalInterface
  private interface Meanwhile {
    void run() throws IOException;
  }

  private static void during(Bench bench, Action off, Meanwhile meanwhile) throws IOException {
    runHook(bench, off);
    try {
      meanwhile.run();
    } finally {
      runHook(bench, opposite(off));
    }
  }

  private static void runHook(Bench bench, Action action) throws IOException {
    boolean vault = action == Action.BLOCK_VAULT || action == Action.UNBLOCK_VAULT;
    String vaultId = bench.path("").substring(bench.path("").lastIndexOf('/') + 1);
    bench.target().hooks().run(action, vault ? vaultId : bench.key());
  }

  private static Probe refused(Action off, Ask ask) {
    return bench -> {
      Expect.status(200, bench.send(ask.of(bench)));
      during(bench, off, () -> Expect.refusal(403, bench.send(ask.of(bench))));
      Expect.status(200, bench.send(ask.of(bench)));
    };
  }

  private static void decryptRefused(Bench bench, Action off, Action on) throws IOException {
    Sealed sealed = bench.encrypt(new byte[16], AAD);
    during(bench, off, () -> Expect.refusal(403, bench.send(bench.decryption(sealed, AAD))));
    Expect.same(
        new byte[16],
        WireChecks.decrypted(bench, bench.decryption(sealed, AAD)),
        "after " + on + " Decrypt gave another plaintext");
  }

  private static Probe disabledText(Op op, String text) {
    return bench ->
        during(
            bench,
            Action.DISABLE_KEY,
            () -> {
              Map<String, Object> fields =
                  op == Op.ENCRYPT ? Fields.of("plaintext", new byte[16]).map() : Map.of();
              Expect.message(text, bench.send(bench.operation(op, bench.key(), fields)));
            });
  }

  private static void blockAtOnce(Bench bench) throws IOException {
    byte[] request = bench.encryption(bench.key(), new byte[16], NO_AAD).bytes();
    try (RawConnection old = bench.connect()) {
      Expect.status(200, bench.exchange(old, request));
      during(
          bench,
          Action.BLOCK_KEY,
          () -> {
            Expect.refusal(403, bench.exchange(old, request));
            for (int i = 0; i < STORM; i++) {
              Expect.refusal(403, bench.sendAlone(request));
            }
          });
    }
  }

  private static void storm(Bench bench) throws IOException {
    RawRequest request = bench.encryption(bench.key(), new byte[16], NO_AAD);
    for (int i = 0; i < STORM; i++) {
      during(bench, Action.BLOCK_KEY, () -> Expect.refusal(403, bench.send(request)));
      Expect.status(200, bench.send(request));
    }
  }

  private static void order(Bench bench) throws IOException {
    RawRequest request =
        bench.encryption(bench.key(), new byte[16], NO_AAD).with("Authorization", "Bearer a.b.c");
    during(bench, Action.BLOCK_KEY, () -> Expect.refusal(401, bench.send(request)));
  }

  private static void otherKeyServes(Bench bench) throws IOException {
    String other = bench.target().keys().other().orElseThrow();
    during(bench, Action.BLOCK_KEY, () -> bench.encrypt(other, new byte[16], NO_AAD));
  }

  private static String rotate(Bench bench) throws IOException {
    String before = WireChecks.currentVersion(bench);
    bench.hook(Action.ROTATE_KEY);
    return before;
  }

  private static void rotated(Bench bench) throws IOException {
    String before = rotate(bench);
    String after = WireChecks.currentVersion(bench);
    Expect.that(!before.equalsIgnoreCase(after), "the metadata still names the old version");
    Sealed sealed = bench.encrypt(new byte[16], NO_AAD);
    Expect.that(
        sealed.version().equalsIgnoreCase(after), "Encrypt used the version " + sealed.version());
  }

  private static void rotatedDecrypt(Bench bench) throws IOException {
    Sealed sealed = bench.encrypt(new byte[16], AAD);
    String before = rotate(bench);
    Expect.same(
        new byte[16],
        WireChecks.decrypted(bench, bench.decryption(sealed, AAD)),
        "another plaintext without a version");
    Map<String, Object> named = sealed.fields().aad(AAD).and("keyVersionId", before).map();
    Expect.same(
        new byte[16],
        WireChecks.decrypted(bench, bench.operation(Op.DECRYPT, bench.key(), named)),
        "another plaintext with the version");
  }

  private static void rotatedPinned(Bench bench) throws IOException {
    String before = rotate(bench);
    Map<String, Object> fields =
        Fields.of("plaintext", new byte[16]).and("keyVersionId", before).map();
    Sealed sealed =
        Sealed.read(bench, Op.ENCRYPT, bench.ok(bench.operation(Op.ENCRYPT, bench.key(), fields)));
    Expect.that(
        sealed.version().equalsIgnoreCase(before), "Encrypt used the version " + sealed.version());
  }

  private static void wrongVersion(Bench bench) throws IOException {
    Sealed sealed = bench.encrypt(new byte[16], AAD);
    rotate(bench);
    String after = WireChecks.currentVersion(bench);
    Map<String, Object> fields = sealed.fields().aad(AAD).and("keyVersionId", after).map();
    RawAnswer answer = bench.send(bench.operation(Op.DECRYPT, bench.key(), fields));
    Expect.refusal(400, answer);
  }

  private static void destroyed(Bench bench) throws IOException {
    String key = bench.target().keys().disposable().orElseThrow();
    Sealed sealed = bench.encrypt(key, new byte[16], AAD);
    bench.target().hooks().run(Action.DESTROY_KEY, key);
    Expect.refusal(404, bench.send(bench.decryption(key, sealed, AAD)));
    Expect.refusal(404, bench.send(bench.encryption(key, new byte[16], AAD)));
    Expect.refusal(404, bench.send(bench.request("GET", Bench.keyPath(key, "metadata"))));
  }
}
