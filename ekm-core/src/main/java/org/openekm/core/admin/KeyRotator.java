// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.RequestId;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.VaultEntry;

/**
 * Rotates keys whose current version has become as old as their rotation period allows.
 *
 * <p>What is blocked or out of use is left alone, and so is a key whose current version was
 * disabled: it must not begin to encrypt again by itself. Several nodes may find the same key due;
 * the store lets one of them commit, and the others destroy what they have made.
 */
final class KeyRotator {

  static final Duration MIN_PERIOD = Duration.ofHours(1);
  static final Duration MAX_PERIOD = Duration.ofDays(3650);

  private final AdminEnvironment environment;
  private final AdminDesk desk;
  private final KeyMaker maker;
  private final SteadyTime time;
  private final RetryPauses pauses;

  KeyRotator(AdminEnvironment environment, AdminDesk desk, KeyMaker maker) {
    this.environment = environment;
    this.desk = desk;
    this.maker = maker;
    this.time = environment.memory().time();
    this.pauses = environment.memory().pauses();
  }

  static void checkPeriod(Problems problems, Duration period) {
    problems.require(
        period.compareTo(MIN_PERIOD) >= 0 && period.compareTo(MAX_PERIOD) <= 0,
        "rotationPeriod",
        "must be from 1 hour to 3650 days",
        "such as 90d");
  }

  int rotateDue() {
    Instant now = time.notTooLate();
    int rotated = 0;
    for (KeyEntry key : due(now)) {
      if (pauses.over(work(key.record().id())) && rotate(key)) {
        rotated++;
      }
    }
    return rotated;
  }

  private List<KeyEntry> due(Instant now) {
    return desk.read().vaults().stream()
        .filter(vault -> !vault.record().blocked())
        .map(VaultEntry::keys)
        .flatMap(keys -> keys.stream().filter(key -> mayRotate(key) && isDue(key, now)))
        .toList();
  }

  private static boolean mayRotate(KeyEntry key) {
    return key.record().state() == KeyState.ACTIVE
        && !key.record().blocked()
        && key.current().state() == KeyState.ACTIVE;
  }

  private static boolean isDue(KeyEntry key, Instant now) {
    return key.record()
        .attributes()
        .rotationPeriod()
        .map(period -> !key.current().createdAt().plus(period).isAfter(now))
        .orElse(false);
  }

  private boolean rotate(KeyEntry due) {
    KeyId id = due.record().id();
    KeyVersionId old = due.current().id();
    AdminContext context =
        new AdminContext(
            AdminIdentity.root("server"), new RequestId("rotate-due-" + id), Optional.empty());
    try {
      KeyDetails unused =
          maker.addVersion(
              context,
              new Act("key.rotate", AdminVerb.ROTATE),
              id.toString(),
              maker.generated(),
              key -> still(key, old));
      pauses.done(work(id));
      return true;
    } catch (RuntimeException e) {
      // Whatever is wrong with one key or its backend must not keep the others.
      if (e instanceof AdminException known && known.kind() == Kind.CONFLICT) {
        pauses.done(work(id));
      } else {
        postpone(id, e);
      }
      return false;
    }
  }

  private static String work(KeyId id) {
    return "rotate " + id;
  }

  /** Refuses what another node, or somebody else, has settled meanwhile. */
  private static void still(KeyEntry key, KeyVersionId old) {
    if (!key.current().id().equals(old)
        || !mayRotate(key)
        || key.record().attributes().rotationPeriod().isEmpty()) {
      throw AdminException.of(
          Kind.CONFLICT, "key " + key.record().id() + " was rotated or taken out of use meanwhile");
    }
  }

  private void postpone(KeyId id, RuntimeException cause) {
    Duration pause = pauses.failed(work(id));
    environment
        .listener()
        .onWarning(
            "key-rotation-failed",
            "key "
                + id
                + " is due for rotation and will be tried again in "
                + pause.toMinutes()
                + " minutes: "
                + cause.getMessage());
  }
}
