// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openekm.api.NanoClock;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.event.TokenKeysRefreshed;
import org.openekm.spi.store.IssuerRecord;

/**
 * Holds the keys of one issuer and fetches them in the background: at the start, at an interval,
 * and, at most once per interval, when a token points to keys that we don't have. One fetch runs at
 * a time. Requests only ever read what is held; there is nothing here that they could wait for.
 *
 * <p>Thread-safe.
 */
final class JwkSetSource implements AutoCloseable {

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final int MAX_DOUBLINGS = 6;

  private final IssuerRecord issuer;
  private final Parts parts;
  private final AtomicBoolean fetching = new AtomicBoolean();
  private final AtomicReference<@Nullable Future<?>> timer = new AtomicReference<>();
  private final AtomicLong nextOnDemand;
  private volatile @Nullable Held held;
  private volatile boolean closed;
  // Written by the one running fetch only.
  private volatile int failures;

  /** What all sources share. */
  record Parts(
      KeyPublication publication,
      TokenCheckConfig config,
      Executor executor,
      ScheduledExecutorService scheduler,
      NanoClock clock,
      LongSupplier generations,
      EkmListener listener) {}

  private record Held(JwkSet keys, long fetchedAtNanos) {}

  JwkSetSource(IssuerRecord issuer, Parts parts) {
    this.issuer = issuer;
    this.parts = parts;
    this.nextOnDemand = new AtomicLong(parts.clock().nanos());
  }

  /** Begins to fetch. */
  void start() {
    refreshNow();
  }

  IssuerRecord issuer() {
    return issuer;
  }

  /** Returns the last good keys, unless there are none yet or they are too old to be believed. */
  Optional<JwkSet> current() {
    Held now = held;
    if (now == null
        || parts.clock().nanos() - now.fetchedAtNanos() > parts.config().staleBound().toNanos()) {
      return Optional.empty();
    }
    return Optional.of(now.keys());
  }

  /** Says that a token did not fit the keys, so they may have changed. Returns at once. */
  void suspectRotation() {
    if (fetching.get()) {
      return;
    }
    long now = parts.clock().nanos();
    long allowed = nextOnDemand.get();
    long next = now + parts.config().unknownKeyInterval().toNanos();
    if (now - allowed >= 0 && nextOnDemand.compareAndSet(allowed, next)) {
      refreshNow();
    }
  }

  @Override
  public void close() {
    closed = true;
    held = null;
    replaceTimer(null);
  }

  private void refreshNow() {
    if (closed || !fetching.compareAndSet(false, true)) {
      return;
    }
    try {
      parts.executor().execute(this::refresh);
    } catch (RejectedExecutionException e) {
      fetching.set(false);
      scheduleNext(FIRST_RETRY);
      warn("no thread is free to fetch them: " + e.getMessage());
    }
  }

  private void refresh() {
    Duration next = FIRST_RETRY;
    try {
      next = fetchOnce();
    } finally {
      fetching.set(false);
      scheduleNext(next);
    }
  }

  /** Any failure whatever leaves the last good keys in place until they are too old. */
  private Duration fetchOnce() {
    try {
      // Age counts from before the request: the keys may have changed while it was under way.
      long startedAt = parts.clock().nanos();
      adopt(parts.publication().fetch(issuer), startedAt);
      failures = 0;
      return parts.config().refreshInterval();
    } catch (RuntimeException e) {
      Duration backoff = FIRST_RETRY.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
      failures = Math.min(failures, MAX_DOUBLINGS) + 1;
      notifyRefreshed(false);
      warn(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
      Duration interval = parts.config().refreshInterval();
      return backoff.compareTo(interval) < 0 ? backoff : interval;
    }
  }

  private void adopt(PublishedKeys published, long startedAt) {
    Held before = held;
    JwkSet keys =
        before != null && before.keys().isSameAs(published) ? before.keys() : prepare(published);
    boolean same = before != null && before.keys() == keys;
    held = new Held(keys, startedAt);
    if (closed) {
      held = null;
      return;
    }
    notifyRefreshed(true);
    if (!same && published.ignored() > 0) {
      warn(published.ignored() + " of them are not RSA keys of 2048 bits or more and don't count");
    }
    if (!same && keys.size() == 0) {
      warn("there is none left, so every token is refused");
    }
  }

  private JwkSet prepare(PublishedKeys published) {
    IssuerMatch match = new IssuerMatch(issuer, published.discoveredIssuer());
    return new JwkSet(published, parts.generations().getAsLong(), match);
  }

  private void notifyRefreshed(boolean succeeded) {
    int size = current().map(JwkSet::size).orElse(0);
    parts.listener().onTokenKeys(new TokenKeysRefreshed(issuer.id().toString(), size, succeeded));
  }

  private void warn(String reason) {
    parts
        .listener()
        .onWarning("token-keys", "Signing keys of issuer " + issuer.name() + ": " + reason);
  }

  private void scheduleNext(Duration delay) {
    if (closed) {
      return;
    }
    try {
      replaceTimer(
          parts.scheduler().schedule(this::refreshNow, delay.toNanos(), TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException e) {
      warn("no timer is left to fetch them again: " + e.getMessage());
    }
    if (closed) {
      replaceTimer(null);
    }
  }

  private void replaceTimer(@Nullable Future<?> next) {
    Future<?> previous = timer.getAndSet(next);
    if (previous != null) {
      previous.cancel(false);
    }
  }
}
