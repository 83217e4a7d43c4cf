// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.openekm.api.RequestId;
import org.openekm.api.VaultId;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.VaultRecord;
import org.openekm.spi.store.VaultRecord.DeadManSwitch;

/**
 * Vaults that serve only as long as somebody gives signs of life. From the moment on at which one
 * is missing no call is served; within a second or so the vault is blocked for good, until somebody
 * unblocks it. Thread-safe.
 */
public final class DeadManAdmin {

  private static final Duration MIN_PERIOD = Duration.ofMinutes(1);
  private static final Duration MAX_PERIOD = Duration.ofDays(366);

  private final AdminEnvironment environment;
  private final AdminDesk desk;
  private final SteadyTime time;
  private final RetryPauses pauses;

  DeadManAdmin(AdminEnvironment environment) {
    this.environment = environment;
    this.desk = new AdminDesk(environment);
    this.time = environment.memory().time();
    this.pauses = environment.memory().pauses();
  }

  DeadManAdmin under(ChangeGuard guard) {
    return new DeadManAdmin(environment.under(guard));
  }

  /**
   * Makes the vault wait for signs of life, or for others than before; this is the first.
   *
   * @param period how long the vault serves after a sign of life: 1 minute to 366 days
   * @throws AdminException NOT_FOUND, FORBIDDEN, INVALID, WRONG_STATE if one is missing already,
   *     UNAVAILABLE
   */
  public VaultRecord set(AdminContext context, String nameOrId, Duration period) {
    Act act =
        new Act("vault.set-dead-man", AdminVerb.UPDATE).detail("period", String.valueOf(period));
    return changed(
        context,
        act,
        nameOrId,
        vault -> {
          new Problems()
              .require(
                  period.compareTo(MIN_PERIOD) >= 0 && period.compareTo(MAX_PERIOD) <= 0,
                  "period",
                  "must be from 1 minute to 366 days",
                  "such as 36h")
              .throwIfAny();
          return Optional.of(new DeadManSwitch(period, time.steady()));
        });
  }

  /**
   * Lets the vault serve whether there are signs of life or not. A block stays.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, WRONG_STATE if one is missing already, UNAVAILABLE
   */
  public VaultRecord clear(AdminContext context, String nameOrId) {
    Act act = new Act("vault.clear-dead-man", AdminVerb.UPDATE);
    return changed(context, act, nameOrId, vault -> Optional.empty());
  }

  /**
   * Gives a sign of life. A block stays.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, WRONG_STATE if the vault waits for none or it
   *     comes too late, UNAVAILABLE
   */
  public VaultRecord heartbeat(AdminContext context, String nameOrId) {
    Act act = new Act("vault.heartbeat", AdminVerb.BLOCK);
    return changed(
        context,
        act,
        nameOrId,
        vault -> {
          DeadManSwitch old =
              vault
                  .attributes()
                  .deadMan()
                  .orElseThrow(
                      () ->
                          AdminException.of(
                              Kind.WRONG_STATE,
                              "vault "
                                  + vault.id()
                                  + " waits for no sign of life; see vault set-dead-man"));
          return Optional.of(new DeadManSwitch(old.period(), time.steady()));
        });
  }

  private VaultRecord changed(
      AdminContext context,
      Act act,
      String nameOrId,
      Function<VaultRecord, Optional<DeadManSwitch>> change) {
    return desk.grant(
        context,
        act,
        () -> {
          CatalogSnapshot after =
              desk.commit(
                  act,
                  now -> {
                    VaultRecord vault = Lookup.vaultOf(act, now, nameOrId).record();
                    requireInTime(vault);
                    VaultRecord next =
                        vault.withAttributes(vault.attributes().withDeadMan(change.apply(vault)));
                    return next.equals(vault)
                        ? List.of()
                        : List.of(new MetadataChange.PutVault(next));
                  });
          return Lookup.requiredVault(after, nameOrId).record();
        });
  }

  /** Whoever comes too late needs what unblocking needs, be the block written down yet or not. */
  private void requireInTime(VaultRecord vault) {
    if (vault.overdue(time.steady())) {
      throw AdminException.of(
          Kind.WRONG_STATE,
          "vault "
              + vault.id()
              + " has had no sign of life in time and is blocked; find out why, then use vault unblock");
    }
  }

  /**
   * Blocks the vaults that have had no sign of life in time, on whatever node, and reports each.
   * What can't be blocked now is tried again later; it serves nothing meanwhile.
   *
   * @return how many were blocked
   */
  public int blockOverdue() {
    Instant now = time.steady();
    int blocked = 0;
    for (VaultEntry vault : environment.catalog().latest().vaults()) {
      VaultRecord record = vault.record();
      if (isToBlock(record, now) && pauses.over(work(record.id())) && block(record)) {
        blocked++;
      }
    }
    return blocked;
  }

  private static boolean isToBlock(VaultRecord vault, Instant now) {
    return !vault.blocked() && vault.overdue(now);
  }

  private boolean block(VaultRecord vault) {
    AdminContext context =
        new AdminContext(
            AdminIdentity.root("server"),
            new RequestId("dead-man-" + vault.id()),
            Optional.empty());
    Act act = Act.blocking("vault.dead-man-block");
    CatalogSnapshot after;
    try {
      after =
          desk.revoke(context, act, () -> desk.commit(act, now -> decision(act, now, vault.id())));
    } catch (RuntimeException e) {
      // Whatever is wrong with one vault must not keep the others.
      postpone(vault, e);
      return false;
    }
    pauses.done(work(vault.id()));
    if (!after.vault(vault.id()).map(each -> each.record().blocked()).orElse(false)) {
      return false;
    }
    environment
        .listener()
        .onWarning(
            "dead-man-block",
            "vault "
                + vault.name()
                + " has had no sign of life in time and is blocked; find out why, then use vault unblock");
    return true;
  }

  /** Nothing if somebody has given a sign of life, or blocked or removed the vault, meanwhile. */
  private List<MetadataChange> decision(Act act, CatalogSnapshot now, VaultId id) {
    Act unused = act.vault(now, id);
    return now.vault(id)
        .map(VaultEntry::record)
        .filter(vault -> isToBlock(vault, time.steady()))
        .<List<MetadataChange>>map(
            vault -> List.of(new MetadataChange.PutVault(vault.withBlocked(true))))
        .orElse(List.of());
  }

  private void postpone(VaultRecord vault, RuntimeException cause) {
    Duration pause = pauses.failed(work(vault.id()));
    environment
        .listener()
        .onWarning(
            "dead-man-late",
            "vault "
                + vault.name()
                + " has had no sign of life in time; it serves nothing, but can't be marked as blocked and"
                + " will be tried again in "
                + pause.toMinutes()
                + " minutes: "
                + cause.getMessage());
  }

  private static String work(VaultId id) {
    return "dead-man " + id;
  }
}
