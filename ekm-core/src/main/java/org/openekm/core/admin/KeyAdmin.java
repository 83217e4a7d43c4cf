// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.openekm.api.KeyState;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.admin.WrappedMaterial.Wrapping;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.KeyLifecycle;
import org.openekm.core.catalog.KeyLifecycle.Step;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;

/**
 * Makes, shows, rotates, blocks and destroys keys. A key is named by its id or as {@code
 * VAULT/NAME}.
 *
 * <p>Thread-safe. Every method throws {@link AdminException}: FORBIDDEN, NOT_FOUND, INVALID with
 * every problem, CONFLICT, WRONG_STATE, or UNAVAILABLE, whose message then says whether the change
 * is in force.
 */
public final class KeyAdmin {

  private final AdminEnvironment environment;
  private final AdminDesk desk;
  private final KeyMaker maker;
  private final KeyDestroyer destroyer;
  private final KeyRotator rotator;
  private final KeyVersions versions;
  private final Linker linker;
  private final ImportKey importKey;
  private final ApprovalDesk approvals;

  KeyAdmin(AdminEnvironment environment) {
    this.environment = environment;
    this.desk = new AdminDesk(environment);
    this.maker = new KeyMaker(environment, desk);
    this.linker = new Linker(environment);
    this.importKey = environment.memory().importKey();
    this.destroyer = new KeyDestroyer(environment, desk);
    this.rotator = new KeyRotator(environment, desk, maker);
    this.versions = new KeyVersions(desk);
    this.approvals = new ApprovalDesk(environment);
  }

  KeyAdmin under(ChangeGuard guard) {
    return new KeyAdmin(environment.under(guard));
  }

  /** Has the vault's backend make a key. */
  public KeyDetails create(AdminContext context, NewKeyCommand command) {
    return maker.create(
        context, new Act("key.create", AdminVerb.CREATE), command, maker.generated());
  }

  /**
   * Brings key material into the vault's backend.
   *
   * @param material as long as the command says; stays the caller's
   */
  public KeyDetails importKey(AdminContext context, NewKeyCommand command, SecretBytes material) {
    return maker.create(
        context,
        new Act("key.import", AdminVerb.CREATE),
        command,
        maker.imported("material", material));
  }

  /**
   * Brings key material into the vault's backend that was wrapped for this process, or under a key
   * of the backend, which must be pre-active and in a vault where the administrator may do the
   * same.
   */
  public KeyDetails importKey(
      AdminContext context, NewKeyCommand command, WrappedMaterial wrapped) {
    Act act = new Act("key.import", AdminVerb.CREATE);
    if (wrapped.wrapping() == Wrapping.AES_KWP) {
      return maker.create(
          context, act, command, new BackendWrappedSource(environment, desk, act, wrapped));
    }
    try (WrappedSource source = new WrappedSource(maker, importKey, wrapped)) {
      return maker.create(context, act, command, source);
    }
  }

  /**
   * Returns the RSA-3072 key to wrap material for. It belongs to this process: after a restart, or
   * on another node, it is another one. Takes the verb to view for any vault.
   */
  public PublicKey importPublicKey(AdminContext context) {
    Act act = new Act("key.show-import-key", AdminVerb.VIEW);
    return desk.view(
        context,
        act,
        now -> {
          act.somewhere(now);
          return importKey.publicKey();
        });
  }

  /**
   * Takes over key material that is in the vault's backend already. Destroying the key will destroy
   * it there, too.
   */
  public KeyDetails adopt(AdminContext context, NewKeyCommand command, BackendKeyRef ref) {
    return maker.create(
        context,
        new Act("key.adopt", AdminVerb.CREATE),
        command,
        maker.adopted(ref, command.active()));
  }

  /**
   * Has the vault's backend make a new version, which encrypts from now on; older versions still
   * decrypt.
   */
  public KeyDetails rotate(AdminContext context, String key) {
    return maker.addVersion(
        context, new Act("key.rotate", AdminVerb.ROTATE), key, maker.generated(), entry -> {});
  }

  /**
   * Brings key material in as a new version, which encrypts from now on.
   *
   * @param material as long as the key; stays the caller's
   */
  public KeyDetails importVersion(AdminContext context, String key, SecretBytes material) {
    return maker.addVersion(
        context,
        new Act("key.import-version", AdminVerb.ROTATE),
        key,
        maker.imported("material", material),
        entry -> {});
  }

  /**
   * Brings key material in as a new version that was wrapped for this process, or under a key of
   * the backend, which must be pre-active and in a vault where the administrator may do the same.
   */
  public KeyDetails importVersion(AdminContext context, String key, WrappedMaterial wrapped) {
    Act act = new Act("key.import-version", AdminVerb.ROTATE);
    if (wrapped.wrapping() == Wrapping.AES_KWP) {
      return maker.addVersion(
          context,
          act,
          key,
          new BackendWrappedSource(environment, desk, act, wrapped),
          entry -> {});
    }
    try (WrappedSource source = new WrappedSource(maker, importKey, wrapped)) {
      return maker.addVersion(context, act, key, source, entry -> {});
    }
  }

  /** Returns the keys of a vault by name, destroyed ones last. */
  public List<KeyRecord> list(AdminContext context, String vault) {
    return list(context, vault, Map.of());
  }

  /** Returns the keys of a vault that have all these labels, by name, destroyed ones last. */
  public List<KeyRecord> list(AdminContext context, String vault, Map<String, String> labels) {
    Act act = new Act("key.list", AdminVerb.VIEW);
    return desk.view(
        context,
        act,
        now ->
            Lookup.vaultOf(act, now, vault).keys().stream()
                .map(KeyEntry::record)
                .filter(key -> key.attributes().labels().entrySet().containsAll(labels.entrySet()))
                .sorted(
                    Comparator.comparing((KeyRecord key) -> key.state() == KeyState.DESTROYED)
                        .thenComparing(KeyRecord::name)
                        .thenComparing(KeyRecord::createdAt))
                .toList());
  }

  /** Returns a key with its versions. */
  public KeyDetails find(AdminContext context, String key) {
    Act act = new Act("key.show", AdminVerb.VIEW);
    return desk.view(context, act, now -> KeyDetails.of(Lookup.keyOf(act, now, key), List.of()));
  }

  /** Returns the versions of a key, newest first. */
  public List<KeyVersionRecord> versions(AdminContext context, String key) {
    return find(context, key).versions();
  }

  /** Returns a version of a key, named by its id or number. */
  public KeyVersionDetails findVersion(AdminContext context, String key, String version) {
    return versions.find(context, key, version);
  }

  /**
   * Takes one version out of use; nothing is encrypted or decrypted by it after this has returned.
   * If it is the current one, the key encrypts nothing until it is rotated, or the version enabled.
   * May be repeated.
   *
   * @param version its id or number
   */
  public KeyVersionDetails disableVersion(AdminContext context, String key, String version) {
    Act act = new Act("key.disable-version", AdminVerb.UPDATE);
    return desk.revoke(context, act, () -> versions.turned(act, key, version, KeyState.DISABLED));
  }

  /**
   * Puts a disabled version back into use. May be repeated.
   *
   * @param version its id or number
   */
  public KeyVersionDetails enableVersion(AdminContext context, String key, String version) {
    Act act = new Act("key.enable-version", AdminVerb.UPDATE);
    return desk.grant(context, act, () -> versions.turned(act, key, version, KeyState.ACTIVE));
  }

  /**
   * Stops everything that the key serves, at once and whatever its state; no request succeeds after
   * this has returned. Needs no backend. May be repeated.
   */
  public KeyRecord block(AdminContext context, String key) {
    Act act = Act.blocking("key.block");
    return desk.revoke(context, act, () -> changed(act, key, record -> record.withBlocked(true)));
  }

  /** Takes the block away; the key serves again if it is active. May be repeated. */
  public KeyRecord unblock(AdminContext context, String key) {
    Act act = new Act("key.unblock", AdminVerb.BLOCK);
    return desk.grant(
        context,
        act,
        () ->
            changed(
                act,
                key,
                (now, record) -> alive(record).withBlocked(false),
                (now, record) ->
                    approvals.spend(
                        now,
                        context,
                        act,
                        new ApprovalDesk.Subject(
                            ApprovedAction.UNBLOCK, record.vault(), Optional.of(record.id())))));
  }

  /** Releases a prepared key for use. */
  public KeyRecord activate(AdminContext context, String key) {
    Act act = new Act("key.activate", AdminVerb.UPDATE);
    return desk.grant(context, act, () -> stepped(act, key, Step.ACTIVATE));
  }

  /** Puts a disabled key back into use. */
  public KeyRecord enable(AdminContext context, String key) {
    Act act = new Act("key.enable", AdminVerb.UPDATE);
    return desk.grant(context, act, () -> stepped(act, key, Step.ENABLE));
  }

  /** Takes an active key out of use; no request succeeds after this has returned. */
  public KeyRecord disable(AdminContext context, String key) {
    Act act = new Act("key.disable", AdminVerb.UPDATE);
    return desk.revoke(context, act, () -> stepped(act, key, Step.DISABLE));
  }

  /**
   * Takes a key out of use and has it destroyed after a waiting period.
   *
   * @param wait 1 hour to 365 days
   * @param force true to do it although the key is linked; else that is a CONFLICT
   */
  public KeyRecord scheduleDeletion(
      AdminContext context, String key, Duration wait, boolean force) {
    return destroyer.schedule(context, key, wait, force);
  }

  /** Does the same unless the key is linked. */
  public KeyRecord scheduleDeletion(AdminContext context, String key, Duration wait) {
    return scheduleDeletion(context, key, wait, false);
  }

  /** Ends the waiting period without destruction; the key is disabled then. */
  public KeyRecord cancelDeletion(AdminContext context, String key) {
    Act act = new Act("key.cancel-deletion", AdminVerb.DELETE);
    return desk.grant(context, act, () -> stepped(act, key, Step.CANCEL_DELETION));
  }

  /**
   * Destroys a key for good: first its record, then the material in the backend. The key must be
   * blocked first, whatever its state. If the backend fails, the key is out of use already; repeat
   * to destroy what is left.
   *
   * @param force true to do it although the key is linked; else that is a CONFLICT
   */
  public KeyRecord destroy(AdminContext context, String key, boolean force) {
    return destroyer.destroy(context, key, force);
  }

  /** Does the same unless the key is linked. */
  public KeyRecord destroy(AdminContext context, String key) {
    return destroy(context, key, false);
  }

  /**
   * Destroys the keys whose waiting period has ended, and material that an earlier destruction
   * could not reach. Called regularly; a failure with one key is reported and does not keep the
   * others.
   *
   * @return how many keys are completely gone now
   */
  public int destroyDue() {
    return destroyer.destroyDue();
  }

  /**
   * Has the server rotate the key whenever its current version gets older than this; at once if it
   * is older already.
   *
   * @param period 1 hour to 3650 days
   */
  public KeyRecord setRotation(AdminContext context, String key, Duration period) {
    Act act =
        new Act("key.set-rotation", AdminVerb.UPDATE).detail("rotationPeriod", period.toString());
    return desk.grant(
        context,
        act,
        () ->
            changed(
                act,
                key,
                (now, record) -> {
                  Problems problems = new Problems();
                  maker.checkRotation(problems, now.vault(record.vault()).orElseThrow(), period);
                  problems.throwIfAny();
                  return rotated(alive(record), Optional.of(period));
                }));
  }

  /** Leaves the rotation of a key to an operator. */
  public KeyRecord clearRotation(AdminContext context, String key) {
    Act act = new Act("key.clear-rotation", AdminVerb.UPDATE);
    return desk.grant(
        context, act, () -> changed(act, key, record -> rotated(record, Optional.empty())));
  }

  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // one path for both, private
  private static KeyRecord rotated(KeyRecord record, Optional<Duration> period) {
    return record.withAttributes(record.attributes().withRotationPeriod(period));
  }

  /**
   * Rotates the keys whose current version is older than their rotation period. Called regularly; a
   * failure with one key is reported, tried again later, and does not keep the others.
   *
   * @return how many keys were rotated
   */
  public int rotateDue() {
    return rotator.rotateDue();
  }

  /**
   * Writes down which vaults and keys OCI has used for the first time. Called regularly, away from
   * the requests.
   *
   * @return how many
   */
  public int linkUsed() {
    return linker.writeDue();
  }

  /** Replaces all labels of the key. */
  public KeyRecord setLabels(AdminContext context, String key, Map<String, String> labels) {
    Act act = new Act("key.set-labels", AdminVerb.UPDATE);
    return desk.grant(
        context,
        act,
        () ->
            changed(
                act,
                key,
                record -> {
                  Problems problems = new Problems();
                  problems.labels("labels", labels);
                  problems.throwIfAny();
                  return alive(record).withAttributes(record.attributes().withLabels(labels));
                }));
  }

  /** Replaces the key's own policy; no request succeeds by the old one after this has returned. */
  public KeyRecord setPolicy(AdminContext context, String key, String policy) {
    return replacePolicy(context, key, Optional.of(policy));
  }

  /** Takes the key's own policy away, so that the vault's alone decides. */
  public KeyRecord clearPolicy(AdminContext context, String key) {
    return replacePolicy(context, key, Optional.empty());
  }

  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // one path for both, private
  private KeyRecord replacePolicy(AdminContext context, String key, Optional<String> policy) {
    Act act = new Act("key.set-policy", AdminVerb.UPDATE);
    return desk.replace(
        context,
        act,
        () ->
            changed(
                act,
                key,
                record -> {
                  Problems problems = new Problems();
                  problems.policy(environment.policies(), policy);
                  problems.throwIfAny();
                  return alive(record).withPolicy(policy);
                }));
  }

  private KeyRecord stepped(Act act, String key, Step step) {
    return changed(act, key, record -> stepped(record, step));
  }

  static KeyRecord stepped(KeyRecord record, Step step) {
    KeyState next =
        KeyLifecycle.next(record.state(), step, record.blocked())
            .orElseThrow(() -> forbidden(record, step));
    return record.withState(next, Optional.empty());
  }

  static AdminException forbidden(KeyRecord record, Step step) {
    String hint =
        step == Step.DESTROY && record.state() != KeyState.DESTROYED
            ? "; block it first"
            : "; see key show for what can be done";
    return AdminException.of(
        Kind.WRONG_STATE,
        "key "
            + record.id()
            + " is "
            + record.state()
            + (record.blocked() ? " and blocked" : " and not blocked")
            + ", from where "
            + step
            + " is not possible"
            + hint);
  }

  private static KeyRecord alive(KeyRecord record) {
    if (record.state() == KeyState.DESTROYED) {
      throw AdminException.of(Kind.WRONG_STATE, "key " + record.id() + " is destroyed for good");
    }
    return record;
  }

  private KeyRecord changed(Act act, String key, Function<KeyRecord, KeyRecord> change) {
    return changed(act, key, (now, record) -> change.apply(record));
  }

  private KeyRecord changed(
      Act act, String key, BiFunction<CatalogSnapshot, KeyRecord, KeyRecord> change) {
    return changed(act, key, change, (now, record) -> List.of());
  }

  /** The conditions are looked at, and may add changes, only if there is something to change. */
  private KeyRecord changed(
      Act act,
      String key,
      BiFunction<CatalogSnapshot, KeyRecord, KeyRecord> change,
      BiFunction<CatalogSnapshot, KeyRecord, List<MetadataChange>> conditions) {
    CatalogSnapshot after =
        desk.commit(
            act,
            now -> {
              KeyRecord record = Lookup.keyOf(act, now, key).record();
              KeyRecord next = change.apply(now, record);
              if (next.equals(record)) {
                return List.of();
              }
              List<MetadataChange> changes = new ArrayList<>(conditions.apply(now, record));
              changes.add(new MetadataChange.PutKey(next));
              return changes;
            });
    return Lookup.requiredKey(after, key).record();
  }
}
