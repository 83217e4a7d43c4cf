// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.store.MetadataStore;

/**
 * Counts encryptions per key version, because AES-GCM with random 96-bit IVs is only safe for 2^32
 * of them under one key (NIST SP 800-38D, section 8.3).
 *
 * <p>Counts are set aside in the store in blocks before they are used. A crash therefore loses the
 * unused rest of a block, so that the total may be too large, never too small; with several nodes
 * each uses blocks of its own. The next block is fetched in the background when half of the present
 * one is used up, so that a request hardly ever waits for the store.
 *
 * <p>Thread-safe; {@link #countEncryption} takes no lock while a block lasts.
 */
public final class KeyUsageCounter {

  /** The number of encryptions after which a key version is refused. */
  public static final long LIMIT = 1L << 32;

  /** The number of encryptions from which on the operator is warned. */
  public static final long WARNING_AT = 1L << 31;

  /** How many encryptions are set aside at once. */
  public static final long BLOCK = 1L << 16;

  private final MetadataStore store;
  private final EkmListener listener;
  private final Executor executor;
  private final Map<KeyVersionId, Usage> usages = new ConcurrentHashMap<>();

  /** Makes a counter that asks the store on the executor's threads. */
  public KeyUsageCounter(MetadataStore store, EkmListener listener, Executor executor) {
    this.store = store;
    this.listener = listener;
    this.executor = executor;
  }

  /**
   * Counts one encryption; call before it is done.
   *
   * @throws EkmException KEY_USAGE_EXHAUSTED if the key version must not encrypt any more;
   *     STORE_UNAVAILABLE if no count could be set aside before the deadline
   */
  public void countEncryption(KeyVersionId version, Deadline deadline) {
    Usage known = usages.get(version);
    Usage usage = known != null ? known : usages.computeIfAbsent(version, Usage::new);
    Block block = usage.current;
    while (!block.take()) {
      block = usage.nextBlock(block, deadline);
    }
    if (block.timeToFetchNext()) {
      usage.fetchAhead();
    }
  }

  private static EkmException exhausted(KeyVersionId version) {
    return new EkmException(
        EkmErrorCode.KEY_USAGE_EXHAUSTED,
        "key version "
            + version
            + " has encrypted 2^32 times, the limit for random IVs; rotate the key");
  }

  /** The counts of one key version. */
  private final class Usage {

    private final KeyVersionId version;
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile Block current = new Block(0, 0);
    private @Nullable CompletableFuture<Block> next;

    Usage(KeyVersionId version) {
      this.version = version;
    }

    Block nextBlock(Block usedUp, Deadline deadline) {
      CompletableFuture<Block> coming;
      synchronized (this) {
        if (current != usedUp) {
          return current;
        }
        fetchAhead();
        coming = requireNonNull(next);
      }
      Block block = await(coming, deadline);
      synchronized (this) {
        if (next == coming) {
          next = null;
          current = block;
        }
        return current;
      }
    }

    // If this fails, nothing is lost: whoever finds the present block used up asks again, and
    // waits.
    synchronized void fetchAhead() {
      CompletableFuture<Block> present = next;
      if (present == null || present.isCompletedExceptionally()) {
        next = ask();
      }
    }

    private CompletableFuture<Block> ask() {
      try {
        return CompletableFuture.supplyAsync(this::reserve, executor);
      } catch (RejectedExecutionException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    private Block reserve() {
      long before = store.reserveUsage(version, BLOCK);
      long end = Math.min(LIMIT, before + BLOCK);
      if (end >= WARNING_AT && warned.compareAndSet(false, true)) {
        listener.onWarning(
            "key-usage-high",
            "key version "
                + version
                + " has encrypted 2^31 times and stops at 2^32; rotate the key soon");
      }
      return new Block(before, end);
    }

    private Block await(CompletableFuture<Block> coming, Deadline deadline) {
      Block block;
      try {
        block = coming.get(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        throw unavailable("did not answer in time", e);
      } catch (ExecutionException e) {
        throw unavailable("failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unavailable("was not waited for", e);
      }
      if (block.empty()) {
        throw exhausted(version);
      }
      return block;
    }

    private EkmException unavailable(String what, @Nullable Throwable cause) {
      return new EkmException(
          EkmErrorCode.STORE_UNAVAILABLE,
          "the metadata store "
              + what
              + " when counts for key version "
              + version
              + " were to be set aside",
          cause);
    }
  }

  /** A run of counts that this process may use. */
  private static final class Block {

    private final AtomicLong next;
    private final long end;
    private final long half;
    private final boolean empty;
    private final AtomicBoolean nextAsked = new AtomicBoolean();

    Block(long from, long end) {
      this.next = new AtomicLong(from);
      this.end = end;
      this.half = from + (end - from) / 2;
      this.empty = from >= end;
    }

    boolean empty() {
      return empty;
    }

    boolean take() {
      return next.get() < end && next.getAndIncrement() < end;
    }

    boolean timeToFetchNext() {
      return next.get() >= half && !nextAsked.get() && nextAsked.compareAndSet(false, true);
    }
  }
}
