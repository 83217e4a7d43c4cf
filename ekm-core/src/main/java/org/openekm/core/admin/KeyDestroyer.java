// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.openekm.api.Deadline;
import org.openekm.api.EkmException;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.RequestId;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.backend.BackendErrors;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.KeyLifecycle.Step;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;

/**
 * Ends the life of keys: first the records say that the key is destroyed and its versions are
 * pending, then the backend destroys the material, then the versions are destroyed, too. Each step
 * can be repeated, so a crash anywhere loses nothing but time.
 */
final class KeyDestroyer {

  private static final Duration BACKEND_WAIT = Duration.ofSeconds(10);
  private static final Duration MIN_WAIT = Duration.ofHours(1);
  private static final Duration MAX_WAIT = Duration.ofDays(365);

  private final AdminEnvironment environment;
  private final AdminDesk desk;
  private final SteadyTime time;
  private final Linker linker;

  KeyDestroyer(AdminEnvironment environment, AdminDesk desk) {
    this.environment = environment;
    this.desk = desk;
    this.time = environment.memory().time();
    this.linker = new Linker(environment, desk);
  }

  KeyRecord schedule(AdminContext context, String key, Duration wait, boolean force) {
    int unused = linker.writeNoted();
    Act act = act("key.schedule-deletion", force);
    return desk.revoke(
        context,
        act,
        () -> {
          new Problems()
              .require(
                  wait.compareTo(MIN_WAIT) >= 0 && wait.compareTo(MAX_WAIT) <= 0,
                  "wait",
                  "must be from 1 hour to 365 days",
                  "7 days leave time to notice a mistake")
              .throwIfAny();
          Instant due = time.notTooEarly().plus(wait);
          act.detail("destroyAfter", due.toString());
          CatalogSnapshot after =
              desk.commit(
                  now -> {
                    KeyEntry entry = Lookup.requiredKey(now, key);
                    act.vault(entry.record().vault()).key(entry.record().id());
                    KeyRecord next = KeyAdmin.stepped(entry.record(), Step.SCHEDULE_DELETION);
                    requireUnlinked(entry.record(), force);
                    requireDestroyable(entry);
                    return List.of(
                        new MetadataChange.PutKey(next.withState(next.state(), Optional.of(due))));
                  });
          return Lookup.requiredKey(after, key).record();
        });
  }

  private static Act act(String action, boolean force) {
    Act act = new Act(action);
    return force ? act.detail("force", "true") : act;
  }

  KeyRecord destroy(AdminContext context, String key, boolean force) {
    int unused = linker.writeNoted();
    return destroy(
        context,
        act("key.destroy", force),
        key,
        entry -> {
          KeyRecord next = KeyAdmin.stepped(entry.record(), Step.DESTROY);
          requireUnlinked(entry.record(), force);
          return next;
        });
  }

  /**
   * The decision refuses or gives the key's record after it; it is asked again in the commit, as
   * somebody may have unblocked the key or cancelled the deletion meanwhile.
   */
  private KeyRecord destroy(
      AdminContext context, Act act, String key, Function<KeyEntry, KeyRecord> decision) {
    return desk.grant(
        context,
        act,
        () -> {
          KeyEntry entry = Lookup.requiredKey(desk.commit(now -> List.of()), key);
          KeyId id = entry.record().id();
          act.vault(entry.record().vault()).key(id);
          if (entry.record().state() != KeyState.DESTROYED) {
            KeyRecord unused = decision.apply(entry);
            requireDestroyable(entry);
            desk.announce(context, act, "key.destroy.begin");
            desk.commit(now -> giveUp(Lookup.requiredKey(now, id.toString()), decision));
          }
          desk.settle();
          return destroyMaterial(act, id);
        });
  }

  int destroyDue() {
    Instant now = time.notTooLate();
    int gone = 0;
    for (KeyEntry entry : candidates(now)) {
      KeyRecord record = entry.record();
      try {
        AdminContext context =
            new AdminContext(
                "server", new RequestId("destroy-due-" + record.id()), Optional.empty());
        KeyRecord unused =
            destroy(
                context,
                act("key.destroy", false),
                record.id().toString(),
                key -> expired(key.record(), now));
        gone++;
      } catch (RuntimeException e) {
        // Whatever is wrong with one key or its backend must not keep the others.
        environment
            .listener()
            .onWarning(
                "key-destruction-failed",
                "key " + record.id() + " will be tried again: " + e.getMessage());
      }
    }
    return gone;
  }

  private List<KeyEntry> candidates(Instant now) {
    return desk.read().vaults().stream()
        .flatMap(vault -> vault.keys().stream())
        .filter(key -> isDue(key.record(), now) || isUnfinished(key))
        .toList();
  }

  private static boolean isDue(KeyRecord key, Instant now) {
    return key.state() == KeyState.PENDING_DELETION
        && key.destroyAfter().map(due -> !due.isAfter(now)).orElse(false);
  }

  private static boolean isUnfinished(KeyEntry key) {
    return key.record().state() == KeyState.DESTROYED
        && key.newestFirst().stream().anyMatch(version -> version.state() != KeyState.DESTROYED);
  }

  private static KeyRecord expired(KeyRecord key, Instant now) {
    if (!isDue(key, now)) {
      throw AdminException.of(
          Kind.WRONG_STATE, "the deletion of key " + key.id() + " was cancelled meanwhile");
    }
    return KeyAdmin.stepped(key, Step.EXPIRE);
  }

  private static List<MetadataChange> giveUp(
      KeyEntry entry, Function<KeyEntry, KeyRecord> decision) {
    List<MetadataChange> changes = new ArrayList<>();
    if (entry.record().state() != KeyState.DESTROYED) {
      changes.add(new MetadataChange.PutKey(decision.apply(entry)));
    }
    for (KeyVersionRecord version : entry.newestFirst()) {
      if (version.state() != KeyState.DESTROYED && version.state() != KeyState.PENDING_DELETION) {
        changes.add(new MetadataChange.PutKeyVersion(version.withState(KeyState.PENDING_DELETION)));
      }
    }
    return changes;
  }

  private KeyRecord destroyMaterial(Act act, KeyId id) {
    KeyEntry entry = Lookup.requiredKey(desk.read(), id.toString());
    List<String> failures = new ArrayList<>();
    for (KeyVersionRecord version : entry.newestFirst()) {
      if (version.state() != KeyState.DESTROYED) {
        destroyVersion(version, failures);
      }
    }
    if (!failures.isEmpty()) {
      act.detail("left", String.valueOf(failures.size()));
      throw AdminException.of(
          Kind.UNAVAILABLE,
          "the key is out of use for good, but material is left: "
              + String.join("; ", failures)
              + "; repeat with the id "
              + id);
    }
    return Lookup.requiredKey(desk.read(), id.toString()).record();
  }

  private void destroyVersion(KeyVersionRecord version, List<String> failures) {
    try {
      environment
          .backends()
          .get(version.backend())
          .destroyKey(version.ref(), Deadline.after(BACKEND_WAIT, environment.nanoClock()));
    } catch (BackendException e) {
      failures.add("version " + version.id() + ": " + BackendErrors.toEkm(e).safeDetail());
      return;
    } catch (EkmException e) {
      failures.add("version " + version.id() + ": " + e.safeDetail());
      return;
    }
    desk.commit(
        now ->
            now.findKey(version.key())
                .flatMap(key -> key.version(version.id()))
                .filter(present -> present.state() != KeyState.DESTROYED)
                .<List<MetadataChange>>map(
                    present ->
                        List.of(
                            new MetadataChange.PutKeyVersion(
                                present.withState(KeyState.DESTROYED))))
                .orElse(List.of()));
  }

  private static void requireUnlinked(KeyRecord key, boolean force) {
    Optional<Instant> linked = key.attributes().linkedAt();
    if (linked.isPresent() && !force) {
      throw AdminException.of(
          Kind.CONFLICT,
          "key "
              + key.id()
              + " is linked: OCI has used it since "
              + linked.get()
              + ", and what is encrypted under it would be lost; make sure in OCI that nothing needs it, then"
              + " repeat with --force (force=true)");
    }
  }

  private void requireDestroyable(KeyEntry entry) {
    for (KeyVersionRecord version : entry.newestFirst()) {
      KeyBackend backend = environment.backends().get(version.backend());
      if (version.state() != KeyState.DESTROYED
          && !backend.capabilities().has(BackendFeature.DESTROY_KEY)) {
        throw AdminException.of(
            Kind.WRONG_STATE,
            "backend "
                + version.backend()
                + " can't destroy keys; block or disable the key here and destroy it with the device's own tools");
      }
    }
  }
}
