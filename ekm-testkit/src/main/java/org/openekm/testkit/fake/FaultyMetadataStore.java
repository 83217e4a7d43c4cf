// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.CheckResult;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataDelta;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.NodeRegistry;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.StoreException;

/**
 * Adds scripted faults to another store, and can hide from its caller what others have committed
 * since.
 *
 * <p>Thread-safe. Closing it releases everything that hangs and closes the real store.
 */
public final class FaultyMetadataStore implements MetadataStore {

  /** The kinds of calls. */
  public enum Call {
    /** {@link MetadataStore#load}. */
    LOAD,
    /** {@link MetadataStore#revision}. */
    REVISION,
    /** {@link MetadataStore#commit}. */
    COMMIT,
    /** {@link MetadataStore#reserveUsage}. */
    RESERVE_USAGE,
    /** {@link MetadataStore#check}; a fault that throws becomes a bad result. */
    CHECK
  }

  private final MetadataStore delegate;
  private final boolean exclusive;
  private final HangGate gate = new HangGate();
  private final FaultScript<Call, StoreFault> script = new FaultScript<>(Call.class);
  private volatile @Nullable MetadataSnapshot frozen;
  private volatile boolean revisionFrozen;

  /** Makes a store without faults yet, exclusive or not as the real one is. */
  public FaultyMetadataStore(MetadataStore delegate) {
    this(delegate, delegate.isExclusive());
  }

  /** Makes a store without faults yet that says of itself whether it is exclusive. */
  public FaultyMetadataStore(MetadataStore delegate, boolean exclusive) {
    this.delegate = delegate;
    this.exclusive = exclusive;
  }

  /** Lets every call of the kind from now on meet the fault. */
  public FaultyMetadataStore fail(Call call, StoreFault fault) {
    script.add(call, 1, Long.MAX_VALUE, fault);
    return this;
  }

  /** Lets every call of any kind from now on meet the fault. */
  public FaultyMetadataStore failEverything(StoreFault fault) {
    for (Call call : Call.values()) {
      fail(call, fault);
    }
    return this;
  }

  /** Lets the next {@code count} calls of the kind meet the fault. */
  public FaultyMetadataStore failNext(Call call, int count, StoreFault fault) {
    script.add(call, 1, count, fault);
    return this;
  }

  /** Lets the n-th call of the kind from now meet the fault; 1 is the next one. */
  public FaultyMetadataStore failNth(Call call, int nth, StoreFault fault) {
    script.add(call, nth, nth, fault);
    return this;
  }

  /**
   * From now on shows what is there at this moment, like a replica that has fallen behind: load and
   * revision are frozen, commits go to the real store.
   */
  public void goStale() {
    frozen = delegate.load();
    revisionFrozen = true;
  }

  /**
   * From now on loads what is there at this moment but tells the newest revision, like a store that
   * asks its leader and reads from a replica.
   */
  public void loadStale() {
    frozen = delegate.load();
    revisionFrozen = false;
  }

  /** Forgets all faults, shows the newest again and releases what hangs. */
  public void heal() {
    script.clear();
    frozen = null;
    gate.release();
  }

  /** Lets the calls go that hang now; later ones hang again. */
  public void release() {
    gate.release();
  }

  /** Returns how many calls hang or wait right now. */
  public int hanging() {
    return gate.waiting();
  }

  /** Returns how many calls of the kind there were, with or without a fault. */
  public long calls(Call call) {
    return script.count(call);
  }

  @Override
  public MetadataSnapshot load() {
    return struck(
        Call.LOAD,
        () -> {
          MetadataSnapshot old = frozen;
          return old != null ? old : delegate.load();
        });
  }

  /** Passes through, as a load, unless what others have committed is hidden. */
  @Override
  public Optional<MetadataDelta> changesSince(long revision) {
    return frozen != null
        ? Optional.empty()
        : struck(Call.LOAD, () -> delegate.changesSince(revision));
  }

  /** Passes through; faults of the account are its own. */
  @Override
  public Optional<NodeRegistry> nodes() {
    return delegate.nodes();
  }

  @Override
  public long revision() {
    return struck(
        Call.REVISION,
        () -> {
          MetadataSnapshot old = frozen;
          return old != null && revisionFrozen ? old.revision() : delegate.revision();
        });
  }

  @Override
  public long commit(long expectedRevision, List<MetadataChange> changes) {
    return struck(Call.COMMIT, () -> delegate.commit(expectedRevision, changes));
  }

  @Override
  public long reserveUsage(KeyVersionId version, long count) {
    return struck(Call.RESERVE_USAGE, () -> delegate.reserveUsage(version, count));
  }

  @Override
  public boolean isExclusive() {
    return exclusive;
  }

  @Override
  public CheckResult check() {
    try {
      return struck(Call.CHECK, delegate::check);
    } catch (StoreException | RevisionConflictException e) {
      return CheckResult.failed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    heal();
    delegate.close();
  }

  private <T> T struck(Call call, Supplier<T> real) {
    HangGate.Pass pass = gate.pass();
    Optional<StoreFault> fault = script.onCall(call);
    fault.ifPresent(f -> f.before(pass));
    T result = real.get();
    fault.ifPresent(f -> f.after(pass));
    return result;
  }
}
