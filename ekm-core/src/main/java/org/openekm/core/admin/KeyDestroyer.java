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
  private final ApprovalDesk approvals;
  private final SteadyTime time;
  private final Linker linker;

  KeyDestroyer(AdminEnvironment environment, AdminDesk desk) {
    this.environment = environment;
    this.desk = desk;
    this.approvals = new ApprovalDesk(environment);
    this.time = environment.memory().time();
    this.linker = new Linker(environment);
  }

  KeyRecord schedule(AdminContext context, String key, Duration wait, boolean force) {
    int unused = linker.writeNoted();
    Act act = act("key.schedule-deletion", force);
    return desk.revoke(
        context,
        act,
        () -> {
          CatalogSnapshot after =
              desk.commit(
                  act,
                  now -> {
                    KeyEntry entry = Lookup.keyOf(act, now, key);
                    requireWait(wait);
                    Instant due = time.notTooEarly().plus(wait);
                    act.detail("destroyAfter", due.toString());
                    KeyRecord next = KeyAdmin.stepped(entry.record(), Step.SCHEDULE_DELETION);
                    requireUnlinked(entry.record(), force);
                    requireDestroyable(entry);
                    List<MetadataChange> changes =
                        new ArrayList<>(approved(now, context, act, entry.record()));
                    changes.add(
                        new MetadataChange.PutKey(next.withState(next.state(), Optional.of(due))));
                    return changes;
                  });
          return Lookup.requiredKey(after, key).record();
        });
  }

  private static Act act(String action, boolean force) {
    Act act = new Act(action, AdminVerb.DELETE);
    return force ? act.detail("force", "true") : act;
  }

  private static void requireWait(Duration wait) {
    new Problems()
        .require(
            wait.compareTo(MIN_WAIT) >= 0 && wait.compareTo(MAX_WAIT) <= 0,
            "wait",
            "must be from 1 hour to 365 days",
            "7 days leave time to notice a mistake")
        .throwIfAny();
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
        },
        this::approved);
  }

  /** What others have to approve before a key is given up. */
  @FunctionalInterface
  private interface Consent {
    List<MetadataChange> spend(
        CatalogSnapshot now, AdminContext context, Act act, KeyRecord record);
  }

  private List<MetadataChange> approved(
      CatalogSnapshot now, AdminContext context, Act act, KeyRecord record) {
    return approvals.spend(
        now,
        context,
        act,
        new ApprovalDesk.Subject(ApprovedAction.DESTROY, record.vault(), Optional.of(record.id())));
  }

  /**
   * The decision refuses or gives the key's record after it; it is asked again in the commit, as
   * somebody may have unblocked the key or cancelled the deletion meanwhile.
   */
  private KeyRecord destroy(
      AdminContext context,
      Act act,
      String key,
      Function<KeyEntry, KeyRecord> decision,
      Consent consent) {
    return desk.grant(
        context,
        act,
        () -> {
          CatalogSnapshot before = desk.newest();
          KeyEntry entry = Lookup.keyOf(act, before, key);
          desk.requireUnchanged(before);
          KeyId id = entry.record().id();
          if (entry.record().state() != KeyState.DESTROYED) {
            KeyRecord unused = decision.apply(entry);
            requireDestroyable(entry);
            // Looked at before anything is announced, and once more in the commit that uses it up.
            List<MetadataChange> spent = consent.spend(before, context, act, entry.record());
            act.detail("approved", Boolean.toString(!spent.isEmpty()));
            desk.announce(context, act, "key.destroy.begin");
            desk.commit(
                act,
                now -> {
                  KeyEntry present = Lookup.keyOf(act, now, id.toString());
                  List<MetadataChange> changes =
                      new ArrayList<>(consent.spend(now, context, act, present.record()));
                  changes.addAll(giveUp(present, decision));
                  return changes;
                });
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
                AdminIdentity.root("server"),
                new RequestId("destroy-due-" + record.id()),
                Optional.empty());
        KeyRecord unused =
            destroy(
                context,
                act("key.destroy", false),
                record.id().toString(),
                key -> expired(key.record(), now),
                // Approved when the deletion was scheduled.
                (snapshot, own, act, key) -> List.of());
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
        destroyVersion(act, version, failures);
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

  private void destroyVersion(Act act, KeyVersionRecord version, List<String> failures) {
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
    desk.complete(
        act,
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
