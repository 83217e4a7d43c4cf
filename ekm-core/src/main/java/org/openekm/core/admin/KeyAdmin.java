// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.openekm.api.KeyState;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminException.Kind;
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
 * <p>Thread-safe. Every method that changes something throws {@link AdminException}: NOT_FOUND,
 * INVALID with every problem, CONFLICT, WRONG_STATE, or UNAVAILABLE, whose message then says
 * whether the change is in force.
 */
public final class KeyAdmin {

  private final AdminEnvironment environment;
  private final AdminDesk desk;
  private final KeyMaker maker;
  private final KeyDestroyer destroyer;

  KeyAdmin(AdminEnvironment environment) {
    this(environment, new AdminDesk(environment), KeyDestroyer::new);
  }

  private KeyAdmin(
      AdminEnvironment environment,
      AdminDesk desk,
      BiFunction<AdminEnvironment, AdminDesk, KeyDestroyer> destroyer) {
    this.environment = environment;
    this.desk = desk;
    this.maker = new KeyMaker(environment, desk);
    this.destroyer = destroyer.apply(environment, desk);
  }

  KeyAdmin under(ChangeGuard guard) {
    AdminEnvironment guarded = environment.under(guard);
    return new KeyAdmin(guarded, new AdminDesk(guarded), destroyer::on);
  }

  /** Has the vault's backend make a key. */
  public KeyDetails create(AdminContext context, NewKeyCommand command) {
    return maker.create(context, "key.create", command, maker.generated());
  }

  /**
   * Brings key material into the vault's backend.
   *
   * @param material as long as the command says; stays the caller's
   */
  public KeyDetails importKey(AdminContext context, NewKeyCommand command, SecretBytes material) {
    return maker.create(context, "key.import", command, maker.imported(material));
  }

  /**
   * Takes over key material that is in the vault's backend already. Destroying the key will destroy
   * it there, too.
   */
  public KeyDetails adopt(AdminContext context, NewKeyCommand command, BackendKeyRef ref) {
    return maker.create(context, "key.adopt", command, maker.adopted(ref));
  }

  /**
   * Has the vault's backend make a new version, which encrypts from now on; older versions still
   * decrypt.
   */
  public KeyDetails rotate(AdminContext context, String key) {
    return maker.addVersion(context, "key.rotate", key, maker.generated());
  }

  /**
   * Brings key material in as a new version, which encrypts from now on.
   *
   * @param material as long as the key; stays the caller's
   */
  public KeyDetails importVersion(AdminContext context, String key, SecretBytes material) {
    return maker.addVersion(context, "key.import-version", key, maker.imported(material));
  }

  /** Returns the keys of a vault by name, destroyed ones last. */
  public List<KeyRecord> list(String vault) {
    return Lookup.requiredVault(desk.read(), vault).keys().stream()
        .map(KeyEntry::record)
        .sorted(
            Comparator.comparing((KeyRecord key) -> key.state() == KeyState.DESTROYED)
                .thenComparing(KeyRecord::name)
                .thenComparing(KeyRecord::createdAt))
        .toList();
  }

  /** Returns a key with its versions. */
  public KeyDetails find(String key) {
    return KeyDetails.of(Lookup.requiredKey(desk.read(), key), List.of());
  }

  /** Returns the versions of a key, newest first. */
  public List<KeyVersionRecord> versions(String key) {
    return find(key).versions();
  }

  /**
   * Stops everything that the key serves, at once and whatever its state; no request succeeds after
   * this has returned. Needs no backend. May be repeated.
   */
  public KeyRecord block(AdminContext context, String key) {
    Act act = new Act("key.block");
    return desk.revoke(context, act, () -> changed(act, key, record -> record.withBlocked(true)));
  }

  /** Takes the block away; the key serves again if it is active. May be repeated. */
  public KeyRecord unblock(AdminContext context, String key) {
    Act act = new Act("key.unblock");
    return desk.grant(
        context, act, () -> changed(act, key, record -> alive(record).withBlocked(false)));
  }

  /** Releases a prepared key for use. */
  public KeyRecord activate(AdminContext context, String key) {
    Act act = new Act("key.activate");
    return desk.grant(context, act, () -> stepped(act, key, Step.ACTIVATE));
  }

  /** Puts a disabled key back into use. */
  public KeyRecord enable(AdminContext context, String key) {
    Act act = new Act("key.enable");
    return desk.grant(context, act, () -> stepped(act, key, Step.ENABLE));
  }

  /** Takes an active key out of use; no request succeeds after this has returned. */
  public KeyRecord disable(AdminContext context, String key) {
    Act act = new Act("key.disable");
    return desk.revoke(context, act, () -> stepped(act, key, Step.DISABLE));
  }

  /**
   * Takes a key out of use and has it destroyed after a waiting period.
   *
   * @param wait 1 hour to 365 days
   */
  public KeyRecord scheduleDeletion(AdminContext context, String key, Duration wait) {
    return destroyer.schedule(context, key, wait);
  }

  /** Ends the waiting period without destruction; the key is disabled then. */
  public KeyRecord cancelDeletion(AdminContext context, String key) {
    Act act = new Act("key.cancel-deletion");
    return desk.grant(context, act, () -> stepped(act, key, Step.CANCEL_DELETION));
  }

  /**
   * Destroys a key for good: first its record, then the material in the backend. An active key must
   * be blocked first. If the backend fails, the key is out of use already; repeat to destroy what
   * is left.
   */
  public KeyRecord destroy(AdminContext context, String key) {
    return destroyer.destroy(context, key);
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
    Act act = new Act("key.set-policy");
    return desk.replace(
        context,
        act,
        () -> {
          Problems problems = new Problems();
          problems.policy(environment.policies(), policy);
          problems.throwIfAny();
          return changed(act, key, record -> alive(record).withPolicy(policy));
        });
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
        step == Step.DESTROY && record.state() == KeyState.ACTIVE
            ? "; block or disable it first"
            : "; see key show for what can be done";
    return AdminException.of(
        Kind.WRONG_STATE,
        "key "
            + record.id()
            + " is "
            + record.state()
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
    CatalogSnapshot after =
        desk.commit(
            now -> {
              KeyRecord record = Lookup.requiredKey(now, key).record();
              act.vault(record.vault()).key(record.id());
              KeyRecord next = change.apply(record);
              return next.equals(record) ? List.of() : List.of(new MetadataChange.PutKey(next));
            });
    return Lookup.requiredKey(after, key).record();
  }
}
