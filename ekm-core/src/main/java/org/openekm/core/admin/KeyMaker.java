// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.openekm.api.Deadline;
import org.openekm.api.EkmException;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;

/**
 * Makes keys and key versions: first the material in the backend, then the records.
 *
 * <p>A crash in between leaves material in the backend that nothing refers to, never a record
 * without material. Material is made for a version id that was drawn for it alone, so a repeated
 * call to the backend gives the same material, and what is left over is never taken for something
 * else. If the records are refused, the material is destroyed again; if the store's answer is lost,
 * it stays, because the records may be there, and is reported. Before the backend is called, the
 * audit has the version that the material is for, so that what a crash leaves can be found.
 */
final class KeyMaker {

  static final Duration BACKEND_WAIT = Duration.ofSeconds(10);
  private static final int LABEL_LENGTH = 64;

  private final AdminEnvironment environment;
  private final AdminDesk desk;

  KeyMaker(AdminEnvironment environment, AdminDesk desk) {
    this.environment = environment;
    this.desk = desk;
  }

  /** Where the material of a version comes from. */
  interface Source {

    /** Notes what speaks against it before anything is done. */
    void check(Problems problems, KeyBackend backend, int lengthBytes);

    /** Puts the material into the backend, or finds it there. */
    Material obtain(KeyBackend backend, NewKey newKey);
  }

  /**
   * Material in a backend.
   *
   * @param ref its name there
   * @param ours true if it was made or brought in just now, so that it may be destroyed again
   * @param warnings what an operator would want to know of it
   */
  record Material(BackendKeyRef ref, boolean ours, List<String> warnings) {}

  private record Made(KeyVersionRecord version, Material material) {}

  Source generated() {
    return new Source() {
      @Override
      public void check(Problems problems, KeyBackend backend, int lengthBytes) {
        requireFeature(problems, backend, BackendFeature.GENERATE_KEY, "can't make keys");
      }

      @Override
      public Material obtain(KeyBackend backend, NewKey newKey) {
        return new Material(twice(() -> backend.generateKey(newKey, deadline())), true, List.of());
      }
    };
  }

  Source imported(String field, SecretBytes material) {
    return new Source() {
      @Override
      public void check(Problems problems, KeyBackend backend, int lengthBytes) {
        requireFeature(problems, backend, BackendFeature.IMPORT_KEY, "can't take in key material");
        problems.require(
            material.length() == lengthBytes,
            field,
            "must have " + lengthBytes + " bytes like the key",
            "give the bare AES key");
        problems.require(
            !material.read(KeyMaker::allZero),
            field,
            "consists of zeros only",
            "give a random AES key");
      }

      @Override
      public Material obtain(KeyBackend backend, NewKey newKey) {
        return new Material(
            twice(() -> backend.importKey(newKey, material, deadline())), true, List.of());
      }
    };
  }

  /**
   * Material that is in the backend already.
   *
   * @param serving true if it is to be used for OCI at once
   */
  Source adopted(BackendKeyRef ref, boolean serving) {
    return new Source() {
      @Override
      public void check(Problems problems, KeyBackend backend, int lengthBytes) {
        // What speaks against it only the device can say.
      }

      @Override
      public Material obtain(KeyBackend backend, NewKey newKey) {
        BackendKeyInfo info = inspected(backend, ref);
        if (info.lengthBytes() != newKey.lengthBytes()) {
          throw AdminException.invalid(
              List.of(
                  new ConfigurationProblem(
                      "lengthBytes",
                      "is "
                          + newKey.lengthBytes()
                          + ", but the key in the backend has "
                          + info.lengthBytes(),
                      "give the length of the key in the backend")));
        }
        if (serving && info.unwrapsOnly()) {
          throw AdminException.invalid(
              List.of(
                  new ConfigurationProblem(
                      "active",
                      "is true, but the key in the backend only unwraps others",
                      "adopt it with --pre-active and never activate it")));
        }
        return new Material(ref, false, info.warnings());
      }
    };
  }

  KeyDetails create(AdminContext context, Act act, NewKeyCommand command, Source source) {
    return desk.grant(
        context,
        act,
        () -> {
          KeyId id = new KeyId(Ids.next(environment.random()));
          VaultEntry vault = checked(act, command, source);
          act.key(id).detail("name", command.name());
          String backend = vault.record().backend();
          NewKey newKey = newKey(command.name(), command.lengthBytes());
          begin(context, act, backend, newKey);
          Made made = made(backend, newKey, id, source);
          CatalogSnapshot after = committed(made, () -> storeKey(act, command, made, id));
          return KeyDetails.of(after.findKey(id).orElseThrow(), made.material().warnings());
        });
  }

  /**
   * Adds a version that becomes the current one.
   *
   * @param condition throws if the version is no longer wanted; asked before the material is made
   *     and again in the commit
   */
  KeyDetails addVersion(
      AdminContext context, Act act, String key, Source source, Consumer<KeyEntry> condition) {
    return desk.grant(
        context,
        act,
        () -> {
          CatalogSnapshot before = desk.newest();
          KeyEntry entry = Lookup.keyOf(act, before, key);
          desk.requireUnchanged(before);
          KeyRecord record = entry.record();
          requireActive(record);
          condition.accept(entry);
          String backend = before.vault(record.vault()).orElseThrow().record().backend();
          Problems problems = new Problems();
          checkMaterial(problems, backend, record.lengthBytes(), source);
          problems.throwIfAny();
          NewKey newKey = newKey(record.name(), record.lengthBytes());
          begin(context, act, backend, newKey);
          Made made = made(backend, newKey, record.id(), source);
          CatalogSnapshot after =
              committed(made, () -> storeVersion(act, record.id(), made, condition));
          return KeyDetails.of(
              after.findKey(record.id()).orElseThrow(), made.material().warnings());
        });
  }

  private CatalogSnapshot storeKey(Act act, NewKeyCommand command, Made made, KeyId id) {
    return desk.commit(
        act,
        now -> {
          VaultEntry vault = Lookup.vaultOf(act, now, command.vault());
          requireFreeName(vault, command.name());
          requireSameBackend(vault, made.version());
          requireUnusedMaterial(now, made.version());
          KeyRecord key =
              new KeyRecord(
                  id,
                  vault.record().id(),
                  command.name(),
                  command.lengthBytes(),
                  command.active() ? KeyState.ACTIVE : KeyState.PRE_ACTIVE,
                  false,
                  made.version().id(),
                  command.policy(),
                  Optional.empty(),
                  environment.clock().instant(),
                  new KeyRecord.Attributes(
                      command.options().labels(),
                      Optional.empty(),
                      command.options().rotationPeriod()));
          return List.of(
              new MetadataChange.PutKey(key), new MetadataChange.PutKeyVersion(made.version()));
        });
  }

  private CatalogSnapshot storeVersion(Act act, KeyId id, Made made, Consumer<KeyEntry> condition) {
    return desk.commit(
        act,
        now -> {
          KeyEntry entry = Lookup.keyOf(act, now, id.toString());
          requireActive(entry.record());
          condition.accept(entry);
          requireSameBackend(now.vault(entry.record().vault()).orElseThrow(), made.version());
          requireUnusedMaterial(now, made.version());
          KeyVersionRecord drawn = made.version();
          KeyVersionRecord version =
              new KeyVersionRecord(
                  drawn.id(),
                  id,
                  entry.newestFirst().get(0).number() + 1,
                  drawn.backend(),
                  drawn.ref(),
                  drawn.state(),
                  drawn.createdAt());
          return List.of(
              new MetadataChange.PutKeyVersion(version),
              new MetadataChange.PutKey(entry.record().withCurrentVersion(version.id())));
        });
  }

  private VaultEntry checked(Act act, NewKeyCommand command, Source source) {
    CatalogSnapshot before = desk.newest();
    VaultEntry vault = Lookup.vaultOf(act, before, command.vault());
    desk.requireUnchanged(before);
    Problems problems = InputRules.check(command, environment.policies());
    command.options().rotationPeriod().ifPresent(period -> requireRotatable(problems, vault));
    checkMaterial(problems, vault.record().backend(), command.lengthBytes(), source);
    problems.throwIfAny();
    requireFreeName(vault, command.name());
    return vault;
  }

  /** Checks a rotation period and that the vault's backend could keep it. */
  void checkRotation(Problems problems, VaultEntry vault, Duration period) {
    KeyRotator.checkPeriod(problems, period);
    requireRotatable(problems, vault);
  }

  private void requireRotatable(Problems problems, VaultEntry vault) {
    requireFeature(
        problems,
        environment.backends().get(vault.record().backend()),
        BackendFeature.GENERATE_KEY,
        "can't make keys");
  }

  private void checkMaterial(
      Problems problems, String backendName, int lengthBytes, Source source) {
    KeyBackend backend = environment.backends().get(backendName);
    problems.require(
        backend.capabilities().keyLengths().contains(lengthBytes),
        "lengthBytes",
        "is a length that backend " + backendName + " doesn't know",
        "use one of " + backend.capabilities().keyLengths().stream().sorted().toList());
    source.check(problems, backend, lengthBytes);
  }

  /** Tells the audit for which version material will be made, so that a crash leaves a trace. */
  private void begin(AdminContext context, Act act, String backendName, NewKey newKey) {
    act.version(newKey.version()).detail("backend", backendName);
    desk.announce(context, act, act.action() + ".begin");
  }

  private Made made(String backendName, NewKey newKey, KeyId key, Source source) {
    Material material = source.obtain(environment.backends().get(backendName), newKey);
    KeyVersionRecord version =
        new KeyVersionRecord(
            newKey.version(),
            key,
            1,
            backendName,
            material.ref(),
            KeyState.ACTIVE,
            environment.clock().instant());
    return new Made(version, material);
  }

  /** Stores the records; if they are refused for certain, the new material goes again. */
  private CatalogSnapshot committed(Made made, Supplier<CatalogSnapshot> store) {
    try {
      return store.get();
    } catch (AdminException e) {
      if (made.material().ours()) {
        discard(made.version(), e);
      }
      throw e;
    } catch (RuntimeException e) {
      if (made.material().ours()) {
        left(made.version(), "which the records may or may not use; see key list, and ");
      }
      throw e;
    }
  }

  private void discard(KeyVersionRecord version, AdminException reason) {
    try {
      KeyBackend backend = environment.backends().get(version.backend());
      // A backend that hands out the same material twice must not make us destroy what another key
      // lives on.
      if (isUsed(desk.newest(), version)) {
        return;
      }
      if (backend.capabilities().has(BackendFeature.DESTROY_KEY)) {
        backend.destroyKey(version.ref(), deadline());
        return;
      }
    } catch (BackendException | EkmException e) {
      reason.addSuppressed(e);
    }
    left(version, "which nothing uses; ");
  }

  private void left(KeyVersionRecord version, String use) {
    environment
        .listener()
        .onWarning(
            "key-material-left",
            "backend "
                + version.backend()
                + " still holds material "
                + version.ref()
                + " of key "
                + version.key()
                + ", "
                + use
                + "destroy it there if no key needs it");
  }

  private NewKey newKey(String name, int lengthBytes) {
    String label = name.length() <= LABEL_LENGTH ? name : name.substring(0, LABEL_LENGTH);
    return new NewKey(new KeyVersionId(Ids.next(environment.random())), label, lengthBytes);
  }

  private Deadline deadline() {
    return Deadline.after(BACKEND_WAIT, environment.nanoClock());
  }

  /**
   * Tries a second time if the first may or may not have worked; the version id makes that the same
   * key.
   */
  static BackendKeyRef twice(Supplier<BackendKeyRef> call) {
    try {
      return call.get();
    } catch (BackendException.TimedOut | BackendException.Unavailable e) {
      try {
        return call.get();
      } catch (BackendException again) {
        again.addSuppressed(e);
        throw again;
      }
    }
  }

  private BackendKeyInfo inspected(KeyBackend backend, BackendKeyRef ref) {
    try {
      return backend.inspectKey(ref, deadline());
    } catch (BackendException.KeyMissing | BackendException.KeyUnusable e) {
      throw new AdminException(
          Kind.INVALID,
          "the key can't be adopted: " + e.getMessage(),
          List.of(
              new ConfigurationProblem(
                  "ref",
                  String.valueOf(e.getMessage()),
                  "name an AES key in the backend that may encrypt and decrypt")),
          e);
    }
  }

  private static void requireFeature(
      Problems problems, KeyBackend backend, BackendFeature feature, String lack) {
    problems.require(
        backend.capabilities().has(feature),
        "vault",
        "has a backend that " + lack,
        "make the key with the device's own tools and adopt it");
  }

  private static void requireActive(KeyRecord record) {
    if (record.state() != KeyState.ACTIVE) {
      throw AdminException.of(
          Kind.WRONG_STATE,
          "key "
              + record.id()
              + " is "
              + record.state()
              + "; only an active key gets new versions");
    }
  }

  private static void requireFreeName(VaultEntry vault, String name) {
    if (vault.keyNamed(name).isPresent()) {
      throw AdminException.of(
          Kind.CONFLICT, "the vault has a key of this name; choose another name");
    }
  }

  /** The vault's backend may have been changed, and locked, while the material was made. */
  private static void requireSameBackend(VaultEntry vault, KeyVersionRecord made) {
    if (!vault.record().backend().equals(made.backend())) {
      throw AdminException.of(
          Kind.CONFLICT, "the vault's backend was changed meanwhile; try again");
    }
  }

  /** Two keys on one piece of material would be destroyed together. */
  private static void requireUnusedMaterial(CatalogSnapshot now, KeyVersionRecord wanted) {
    if (isUsed(now, wanted)) {
      throw AdminException.of(
          Kind.CONFLICT, "another key uses this material already; adopt it only once");
    }
  }

  private static boolean isUsed(CatalogSnapshot now, KeyVersionRecord wanted) {
    return now.vaults().stream().anyMatch(vault -> vault.usesMaterialOf(wanted));
  }

  private static boolean allZero(byte[] material) {
    int all = 0;
    for (byte one : material) {
      all |= one;
    }
    return all == 0;
  }
}
