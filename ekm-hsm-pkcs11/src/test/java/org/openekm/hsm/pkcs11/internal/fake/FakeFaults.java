// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.fake;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;

/** What goes wrong in a {@link FakeCryptoki}, and what was done to it. Thread-safe. */
public final class FakeFaults {

  private final Map<CkFunction, Deque<Long>> next = new EnumMap<>(CkFunction.class);
  private final Map<CkFunction, Long> always = new EnumMap<>(CkFunction.class);
  private final Map<CkFunction, CountDownLatch> hangs = new EnumMap<>(CkFunction.class);
  private final Map<CkFunction, Integer> counts = new EnumMap<>(CkFunction.class);
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger hanging = new AtomicInteger();

  /** Makes the next call of the function return this. */
  public synchronized void next(CkFunction function, long code) {
    next.computeIfAbsent(function, f -> new ArrayDeque<>()).add(code);
  }

  /** Makes every call of the function return this. */
  public synchronized void always(CkFunction function, long code) {
    always.put(function, code);
  }

  /** Makes calls of the function hang until {@link #release}. */
  public synchronized void hang(CkFunction function) {
    hangs.put(function, new CountDownLatch(1));
  }

  /** Lets hanging calls go on, and ends all faults. */
  public synchronized void release() {
    hangs.values().forEach(CountDownLatch::countDown);
    hangs.clear();
    next.clear();
    always.clear();
  }

  /** Returns how often the function was called. */
  public synchronized int count(CkFunction function) {
    return counts.getOrDefault(function, 0);
  }

  /** Returns how many calls hang. */
  public int hanging() {
    return hanging.get();
  }

  /** Returns what was done that would crash or confuse a real library. */
  public List<String> violations() {
    return List.copyOf(violations);
  }

  void violation(String what) {
    violations.add(what);
  }

  /** Begins a call; throws the scripted failure. */
  void enter(CkFunction function) {
    boolean alone =
        function == CkFunction.FINALIZE
            || function == CkFunction.CLOSE_ALL_SESSIONS
            || function == CkFunction.LOGOUT;
    int others = inFlight.getAndIncrement();
    if (alone && others > 0) {
      violation(function.standardName() + " beneath " + others + " other calls");
    }
    Long code;
    CountDownLatch hang;
    synchronized (this) {
      counts.merge(function, 1, Integer::sum);
      Deque<Long> scripted = next.get(function);
      code = scripted == null || scripted.isEmpty() ? always.get(function) : scripted.poll();
      hang = hangs.get(function);
    }
    waitFor(hang);
    if (code != null && code != Ckr.OK) {
      throw new Pkcs11Exception(function, code);
    }
  }

  void exit() {
    inFlight.decrementAndGet();
  }

  private void waitFor(CountDownLatch hang) {
    if (hang == null) {
      return;
    }
    hanging.incrementAndGet();
    try {
      hang.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      hanging.decrementAndGet();
    }
  }
}
