// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.CheckResult;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataChange.PutKeyVersion;
import org.openekm.spi.store.MetadataChange.PutTenancy;
import org.openekm.spi.store.MetadataChange.RemoveKeyVersion;
import org.openekm.spi.store.MetadataChange.RemoveTenancy;
import org.openekm.spi.store.MetadataDelta;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.StoreException;

/** A store with one thing wrong. */
final class BrokenStore extends ForwardingStore {

  /** What is wrong. */
  enum Flaw {
    STARTS_AT_ONE,
    LOSES_KEY_POLICIES,
    LOSES_LABELS,
    DROPS_FRACTIONS_OF_SECONDS,
    APPLIES_BACKWARDS,
    PUT_KEEPS_THE_OLD_RECORD,
    REMOVING_NOTHING_FAILS,
    NEVER_CONFLICTS,
    CHANGES_BEFORE_A_CONFLICT,
    CHECKS_THE_REVISION_TOO_EARLY,
    LOADS_IN_TWO_STEPS,
    USAGE_GIVES_THE_NEW_TOTAL,
    USAGE_IS_ONE_NUMBER,
    USAGE_IS_32_BIT,
    USAGE_RACES,
    USAGE_RESET_BY_PUT,
    USAGE_FORGOTTEN_ON_REOPEN,
    USAGE_MOVES_THE_REVISION,
    EVERYTHING_FORGOTTEN_ON_REOPEN,
    EXCLUSIVE_BUT_OPENS_TWICE,
    WORKS_AFTER_CLOSE,
    CHECK_WRITES,
    DELTA_FORGETS_REMOVALS,
    DELTA_STARTS_TOO_LATE,
    DELTA_IS_NEVER_EMPTY
  }

  private final Flaw flaw;
  private final Map<KeyVersionId, Long> usage = new ConcurrentHashMap<>();
  private final AtomicLong oneUsage = new AtomicLong();
  private boolean closed;

  BrokenStore(MetadataStore right, Flaw flaw) {
    super(right);
    this.flaw = flaw;
  }

  @Override
  public MetadataSnapshot load() {
    if (flaw == Flaw.LOADS_IN_TWO_STEPS) {
      long revision = right.revision();
      pause();
      return withRevision(right.load(), revision);
    }
    MetadataSnapshot whole = right.load();
    return switch (flaw) {
      case STARTS_AT_ONE -> whole.revision() == 0 ? withRevision(whole, 1) : whole;
      case LOSES_KEY_POLICIES -> withKeys(whole, key -> key.withPolicy(Optional.empty()));
      case LOSES_LABELS ->
          withKeys(whole, key -> key.withAttributes(key.attributes().withLabels(Map.of())));
      case DROPS_FRACTIONS_OF_SECONDS -> withKeys(whole, BrokenStore::withWholeSeconds);
      default -> whole;
    };
  }

  @Override
  public Optional<MetadataDelta> changesSince(long revision) {
    MetadataDelta delta = right.changesSince(revision).orElseThrow();
    return switch (flaw) {
      case DELTA_FORGETS_REMOVALS ->
          Optional.of(
              new MetadataDelta(
                  delta.revision(),
                  delta.changes().stream()
                      .filter(change -> !change.getClass().getSimpleName().startsWith("Remove"))
                      .toList()));
      case DELTA_STARTS_TOO_LATE -> right.changesSince(Math.min(revision + 1, delta.revision()));
      case DELTA_IS_NEVER_EMPTY -> right.changesSince(Math.max(0, revision - 1));
      default -> Optional.of(delta);
    };
  }

  @Override
  public long commit(long expectedRevision, List<MetadataChange> changes) {
    return switch (flaw) {
      case APPLIES_BACKWARDS -> right.commit(expectedRevision, reversed(changes));
      case PUT_KEEPS_THE_OLD_RECORD ->
          right.commit(expectedRevision, withoutKnownTenancies(changes));
      case REMOVING_NOTHING_FAILS -> commitStrictly(expectedRevision, changes);
      case NEVER_CONFLICTS -> right.commit(right.revision(), changes);
      case CHANGES_BEFORE_A_CONFLICT -> commitHalf(expectedRevision, changes);
      case CHECKS_THE_REVISION_TOO_EARLY -> commitLate(expectedRevision, changes);
      case USAGE_RESET_BY_PUT -> commitAndReset(expectedRevision, changes);
      case WORKS_AFTER_CLOSE ->
          closed ? expectedRevision + 1 : right.commit(expectedRevision, changes);
      default -> right.commit(expectedRevision, changes);
    };
  }

  @Override
  public long reserveUsage(KeyVersionId version, long count) {
    return switch (flaw) {
      case USAGE_GIVES_THE_NEW_TOTAL -> right.reserveUsage(version, count) + count;
      case USAGE_IS_ONE_NUMBER -> oneUsage.getAndAdd(count);
      case USAGE_IS_32_BIT -> (int) right.reserveUsage(version, count);
      case USAGE_RACES -> reserveRacing(version, count);
      case USAGE_RESET_BY_PUT, USAGE_FORGOTTEN_ON_REOPEN ->
          usage.merge(version, count, Long::sum) - count;
      case USAGE_MOVES_THE_REVISION -> reserveAndCommit(version, count);
      default -> right.reserveUsage(version, count);
    };
  }

  @Override
  public CheckResult check() {
    if (flaw == Flaw.CHECK_WRITES && !closed) {
      right.commit(right.revision(), List.of());
    }
    return right.check();
  }

  @Override
  public void close() {
    closed = true;
    right.close();
  }

  private long commitStrictly(long expectedRevision, List<MetadataChange> changes) {
    for (MetadataChange change : changes) {
      if (change instanceof RemoveTenancy remove
          && right.load().tenancies().stream().noneMatch(one -> one.id().equals(remove.tenancy()))
          && changes.stream().noneMatch(PutTenancy.class::isInstance)) {
        throw new StoreException("no such tenancy", null);
      }
    }
    return right.commit(expectedRevision, changes);
  }

  private long commitHalf(long expectedRevision, List<MetadataChange> changes) {
    if (right.revision() != expectedRevision) {
      right.commit(right.revision(), changes.subList(0, 1));
      throw new RevisionConflictException(expectedRevision, right.revision());
    }
    return right.commit(expectedRevision, changes);
  }

  private long commitLate(long expectedRevision, List<MetadataChange> changes) {
    if (right.revision() != expectedRevision) {
      throw new RevisionConflictException(expectedRevision, right.revision());
    }
    pause();
    while (true) {
      try {
        return right.commit(right.revision(), changes);
      } catch (RevisionConflictException e) {
        Thread.onSpinWait();
      }
    }
  }

  private long commitAndReset(long expectedRevision, List<MetadataChange> changes) {
    long revision = right.commit(expectedRevision, changes);
    for (MetadataChange change : changes) {
      if (change instanceof PutKeyVersion put) {
        usage.remove(put.version().id());
      }
    }
    return revision;
  }

  private long reserveRacing(KeyVersionId version, long count) {
    long before = usage.getOrDefault(version, 0L);
    pause();
    usage.put(version, before + count);
    return before;
  }

  private long reserveAndCommit(KeyVersionId version, long count) {
    right.commit(right.revision(), List.of(new RemoveKeyVersion(new KeyVersionId(new UUID(0, 0)))));
    return right.reserveUsage(version, count);
  }

  private List<MetadataChange> withoutKnownTenancies(List<MetadataChange> changes) {
    return changes.stream()
        .filter(
            change ->
                !(change instanceof PutTenancy put
                    && right.load().tenancies().stream()
                        .anyMatch(one -> one.id().equals(put.tenancy().id()))))
        .toList();
  }

  private static List<MetadataChange> reversed(List<MetadataChange> changes) {
    List<MetadataChange> copy = new ArrayList<>(changes);
    Collections.reverse(copy);
    return copy;
  }

  private static KeyRecord withWholeSeconds(KeyRecord key) {
    return new KeyRecord(
        key.id(),
        key.vault(),
        key.name(),
        key.lengthBytes(),
        key.state(),
        key.blocked(),
        key.currentVersion(),
        key.policy(),
        key.destroyAfter(),
        Instant.ofEpochSecond(key.createdAt().getEpochSecond()),
        key.attributes());
  }

  private static MetadataSnapshot withKeys(
      MetadataSnapshot whole, UnaryOperator<KeyRecord> change) {
    return new MetadataSnapshot(
        whole.revision(),
        whole.issuers(),
        whole.tenancies(),
        whole.vaults(),
        whole.keys().stream().map(change).toList(),
        whole.versions(),
        whole.administrators(),
        whole.spentApprovals());
  }

  private static MetadataSnapshot withRevision(MetadataSnapshot whole, long revision) {
    return new MetadataSnapshot(
        revision,
        whole.issuers(),
        whole.tenancies(),
        whole.vaults(),
        whole.keys(),
        whole.versions(),
        whole.administrators(),
        whole.spentApprovals());
  }

  /** Gives other threads the time to come in between. */
  static void pause() {
    LockSupport.parkNanos(2_000_000);
  }
}
