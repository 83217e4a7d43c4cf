// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
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
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(5);

  private final AdminEnvironment environment;
  private final AdminDesk desk;
  private final Instant startedAt;
  private final long startedNanos;

  KeyDestroyer(AdminEnvironment environment, AdminDesk desk) {
    this(environment, desk, environment.clock().instant(), environment.nanoClock().nanos());
  }

  private KeyDestroyer(
      AdminEnvironment environment, AdminDesk desk, Instant startedAt, long startedNanos) {
    this.environment = environment;
    this.desk = desk;
    this.startedAt = startedAt;
    this.startedNanos = startedNanos;
  }

  /** Returns one that works on other parts and knows as well since when the clocks are watched. */
  KeyDestroyer on(AdminEnvironment otherEnvironment, AdminDesk otherDesk) {
    return new KeyDestroyer(otherEnvironment, otherDesk, startedAt, startedNanos);
  }

  KeyRecord schedule(AdminContext context, String key, Duration wait) {
    Act act = new Act("key.schedule-deletion");
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
          Instant due = notBefore(environment.clock().instant()).plus(wait);
          act.detail("destroyAfter", due.toString());
          CatalogSnapshot after =
              desk.commit(
                  now -> {
                    KeyEntry entry = Lookup.requiredKey(now, key);
                    act.vault(entry.record().vault()).key(entry.record().id());
                    KeyRecord next = KeyAdmin.stepped(entry.record(), Step.SCHEDULE_DELETION);
                    requireDestroyable(entry);
                    return List.of(
                        new MetadataChange.PutKey(next.withState(next.state(), Optional.of(due))));
                  });
          return Lookup.requiredKey(after, key).record();
        });
  }

  KeyRecord destroy(AdminContext context, String key) {
    return destroy(context, key, entry -> true);
  }

  /**
   * The condition is looked at again in the commit, as somebody may have cancelled the deletion
   * meanwhile.
   */
  private KeyRecord destroy(AdminContext context, String key, Predicate<KeyEntry> condition) {
    Act act = new Act("key.destroy");
    return desk.grant(
        context,
        act,
        () -> {
          KeyEntry entry = Lookup.requiredKey(desk.commit(now -> List.of()), key);
          KeyId id = entry.record().id();
          act.vault(entry.record().vault()).key(id);
          if (entry.record().state() != KeyState.DESTROYED) {
            KeyRecord unused = KeyAdmin.stepped(entry.record(), Step.DESTROY);
            requireDestroyable(entry);
            desk.announce(context, act, "key.destroy.begin");
            desk.commit(now -> giveUp(Lookup.requiredKey(now, id.toString()), condition));
          }
          desk.settle();
          return destroyMaterial(act, id);
        });
  }

  int destroyDue() {
    Instant now = believableNow();
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
                record.id().toString(),
                key -> isDue(key.record(), now) || isUnfinished(key));
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

  /**
   * A wall clock that has jumped back must not shorten the waiting period, which would end early
   * once the clock is right again.
   */
  private Instant notBefore(Instant shown) {
    Instant earliest = byMonotonicTime().minus(CLOCK_SLACK);
    return shown.isBefore(earliest) ? earliest : shown;
  }

  private Instant byMonotonicTime() {
    return startedAt.plusNanos(environment.nanoClock().nanos() - startedNanos);
  }

  /**
   * A wall clock that jumps ahead must not destroy keys before their time; monotonic time says how
   * far it can be.
   */
  private Instant believableNow() {
    Instant shown = environment.clock().instant();
    Instant latest = byMonotonicTime().plus(CLOCK_SLACK);
    if (shown.isAfter(latest)) {
      environment
          .listener()
          .onWarning(
              "clock-jumped",
              "the clock has jumped ahead by more than 5 minutes since the start, so no key is destroyed before its time"
                  + " by the earlier clock; check the clock and restart this server");
      return latest;
    }
    return shown;
  }

  private static boolean isDue(KeyRecord key, Instant now) {
    return key.state() == KeyState.PENDING_DELETION
        && key.destroyAfter().map(due -> !due.isAfter(now)).orElse(false);
  }

  private static boolean isUnfinished(KeyEntry key) {
    return key.record().state() == KeyState.DESTROYED
        && key.newestFirst().stream().anyMatch(version -> version.state() != KeyState.DESTROYED);
  }

  private static List<MetadataChange> giveUp(KeyEntry entry, Predicate<KeyEntry> condition) {
    if (!condition.test(entry)) {
      throw AdminException.of(
          Kind.WRONG_STATE,
          "the deletion of key " + entry.record().id() + " was cancelled meanwhile");
    }
    List<MetadataChange> changes = new ArrayList<>();
    if (entry.record().state() != KeyState.DESTROYED) {
      changes.add(new MetadataChange.PutKey(KeyAdmin.stepped(entry.record(), Step.DESTROY)));
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
