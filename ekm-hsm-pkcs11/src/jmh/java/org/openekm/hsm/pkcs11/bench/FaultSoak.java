// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.Pkcs11KeyBackendProvider;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.Settings;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/**
 * Mixed load on an isolated token while something breaks every five seconds: the library crashes or
 * hangs, a process is killed. Ends with one line {@code RESULT PASS} or {@code RESULT FAIL}: no
 * wrong plaintext, no call longer than its deadline and a little, service back within two seconds,
 * and no more memory, files or threads at the end than after the first minute.
 *
 * <p>Arguments: the faulty module, its cue file, token label, PIN, seconds.
 */
public final class FaultSoak {

  private static final int CALLERS = 4;
  private static final Duration DEADLINE = Duration.ofMillis(600);
  private static final Duration SLACK = Duration.ofMillis(400);
  private static final Duration BETWEEN_FAULTS = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 5;

  private final KeyBackend backend;
  private final BackendKeyRef key;
  private final Path cue;
  private final Map<String, AtomicLong> outcomes = new ConcurrentHashMap<>();
  private final AtomicLong wrong = new AtomicLong();
  private final AtomicLong longest = new AtomicLong();
  private final AtomicLong lastGood = new AtomicLong(System.nanoTime());
  private final AtomicLong longestGap = new AtomicLong();
  private volatile boolean running = true;

  private FaultSoak(KeyBackend backend, Path cue) {
    this.backend = backend;
    this.cue = cue;
    this.key =
        backend.generateKey(
            new NewKey(new KeyVersionId(UUID.randomUUID()), "soak", 32),
            Deadline.after(Duration.ofSeconds(20), NanoClock.system()));
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> settings =
        Map.of(
            "module", arguments[0],
            "profile", "softhsm",
            "token.label", arguments[2],
            "pin", "${env:PIN}",
            "sessions", "4",
            "isolation", "process");
    KeyBackend backend =
        new Pkcs11KeyBackendProvider()
            .create(
                new ComponentContext(
                    "soak",
                    Settings.of(settings),
                    reference -> SecretBytes.adopt(arguments[3].getBytes(StandardCharsets.UTF_8)),
                    InstantSource.system(),
                    NanoClock.system(),
                    new SecureRandom(),
                    FaultSoak::daemon));
    boolean passed =
        new FaultSoak(backend, Path.of(arguments[1])).run(Integer.parseInt(arguments[4]));
    backend.close();
    System.out.println("RESULT " + (passed ? "PASS" : "FAIL"));
    System.exit(passed ? 0 : 1);
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
  }

  private boolean run(int seconds) throws Exception {
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Thread thread = new Thread(this::call);
      thread.start();
      callers.add(thread);
    }
    int rounds = (int) (seconds / BETWEEN_FAULTS.toSeconds());
    int baseline = Math.min(12, rounds / 2);
    Usage before = new Usage(0, 0, 0);
    for (int round = 1; round <= rounds; round++) {
      Thread.sleep(BETWEEN_FAULTS.toMillis());
      if (round == baseline) {
        before = Usage.now();
      }
      if (round % 12 == 0) {
        print(round + " faults");
      }
      breakSomething(round);
    }
    Thread.sleep(BETWEEN_FAULTS.toMillis());
    running = false;
    for (Thread caller : callers) {
      caller.join(DEADLINE.multipliedBy(4).toMillis());
    }
    boolean stuck = callers.stream().anyMatch(Thread::isAlive);
    Usage after = Usage.now();
    print("at the end, calls stuck: " + stuck);
    System.out.println("after the first minute " + before + ", at the end " + after);
    return wrong.get() == 0
        && !stuck
        && longest.get() < DEADLINE.plus(SLACK).toNanos()
        && longestGap.get() < Duration.ofSeconds(2).toNanos()
        && after.fits(before);
  }

  private void breakSomething(int round) throws IOException {
    switch (round % 3) {
      case 0 -> cue("crash");
      case 1 -> cue("hang 30");
      default ->
          ProcessHandle.current().children().findFirst().ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private void cue(String text) throws IOException {
    Path draft = Files.writeString(cue.resolveSibling("draft"), text);
    Files.move(draft, cue, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void call() {
    byte[] text = new byte[32];
    Bytes aad = Bytes.copyOf(new byte[16]);
    while (running) {
      ThreadLocalRandom.current().nextBytes(text);
      long began = System.nanoTime();
      try (SecretBytes plaintext = SecretBytes.copyOf(text)) {
        BackendCiphertext made = backend.encrypt(key, plaintext, aad, deadline());
        longest.accumulateAndGet(System.nanoTime() - began, Math::max);
        began = System.nanoTime();
        Sealed sealed = new Sealed(made.iv(), made.ciphertext(), made.tag());
        try (SecretBytes back = backend.decrypt(key, sealed, aad, deadline())) {
          if (!Arrays.equals(back.toByteArray(), text)) {
            wrong.incrementAndGet();
          }
        }
        count("good");
        long now = System.nanoTime();
        longestGap.accumulateAndGet(now - lastGood.getAndSet(now), Math::max);
      } catch (BackendException e) {
        count(e.getClass().getSimpleName());
      }
      longest.accumulateAndGet(System.nanoTime() - began, Math::max);
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void count(String outcome) {
    outcomes.computeIfAbsent(outcome, o -> new AtomicLong()).incrementAndGet();
  }

  private static Deadline deadline() {
    return Deadline.after(DEADLINE, NanoClock.system());
  }

  private void print(String what) {
    System.out.printf(
        Locale.ROOT,
        "%s: %s, wrong plaintexts %d, longest call %d ms, longest time without a good one %d ms%n",
        what,
        new TreeMap<>(outcomes),
        wrong.get(),
        longest.get() / 1_000_000,
        longestGap.get() / 1_000_000);
  }

  /** What this process uses. */
  private record Usage(long heapKilobytes, int files, int threads) {

    static Usage now() {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      String[] files = new File("/proc/self/fd").list();
      return new Usage(
          (runtime.totalMemory() - runtime.freeMemory()) / 1024,
          files == null ? 0 : files.length,
          Thread.activeCount());
    }

    /** A process may be on its way up or down, which is a few dozen files and a few threads. */
    boolean fits(Usage before) {
      return heapKilobytes < before.heapKilobytes * 3 / 2 + 2048
          && files < before.files + 40
          && threads < before.threads + 8;
    }
  }
}
