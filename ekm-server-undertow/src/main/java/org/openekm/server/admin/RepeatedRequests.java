// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.core.admin.ChangeGuard;

/**
 * Remembers the answers to requests with an {@code Idempotency-Key}, so that one which is repeated
 * because its answer was lost does not make a second key or version.
 *
 * <p>Kept in this process only, for 24 hours, and no more than a number of entries and bytes: the
 * oldest go first. Of the requests themselves only a keyed hash is kept. Thread-safe.
 */
final class RepeatedRequests {

  private static final Duration KEPT = Duration.ofHours(24);
  private static final int MOST_ENTRIES = 10_000;
  private static final long MOST_BYTES = 16L << 20;
  private static final int ENTRY_OVERHEAD = 512;
  private static final int MAC_KEY_BYTES = 32;
  private static final String MAC = "HmacSHA256";

  private final InstantSource clock;
  private final SecretKeySpec macKey;
  private final int mostEntries;
  private final long mostBytes;
  private final Map<Bytes, Entry> entries = new LinkedHashMap<>();
  private long bytes;

  /** A request that has this key; without an answer while it is being carried out. */
  private static final class Entry {

    private final Bytes request;
    private final Instant since;
    private @Nullable AdminAnswer answer;

    Entry(Bytes request, Instant since) {
      this.request = request;
      this.since = since;
    }

    long size() {
      return ENTRY_OVERHEAD + (answer == null ? 0L : answer.body().length());
    }
  }

  /**
   * What tells requests apart.
   *
   * @param caller who sends it; the same key of somebody else is another one
   * @param key the {@code Idempotency-Key}
   * @param request method, path and body
   */
  record Request(String caller, String key, String request) {}

  RepeatedRequests(InstantSource clock) {
    this(clock, MOST_ENTRIES, MOST_BYTES);
  }

  RepeatedRequests(InstantSource clock, int mostEntries, long mostBytes) {
    this.clock = clock;
    this.mostEntries = mostEntries;
    this.mostBytes = mostBytes;
    byte[] key = new byte[MAC_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    this.macKey = new SecretKeySpec(key, MAC);
  }

  /**
   * Carries a request out unless it was carried out already, and returns the first answer.
   *
   * <p>A refusal that left everything as it was is not remembered: the request may be corrected.
   *
   * @param guard tells whether the work changed anything
   */
  AdminAnswer once(Request request, ChangeGuard guard, Supplier<AdminAnswer> work) {
    Bytes key = hash(request.caller() + "\n" + request.key());
    Entry entry = new Entry(hash(request.request()), clock.instant());
    Optional<AdminAnswer> earlier = enter(key, entry);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    AdminAnswer answer = null;
    try {
      answer = work.get();
      return answer;
    } finally {
      leave(key, entry, answer, guard.changed());
    }
  }

  private synchronized Optional<AdminAnswer> enter(Bytes key, Entry mine) {
    forgetOld();
    Entry earlier = entries.putIfAbsent(key, mine);
    if (earlier == null) {
      bytes += mine.size();
      return Optional.empty();
    }
    if (!earlier.request.equals(mine.request)) {
      return Optional.of(
          AdminProblem.of(
                  ProblemType.REPEAT_DIFFERS,
                  "This Idempotency-Key came with another path or body before; use a new one.")
              .answer());
    }
    if (earlier.answer == null) {
      return Optional.of(
          AdminProblem.of(
                  ProblemType.REPEAT_RUNNING,
                  "The first request with this Idempotency-Key is still being carried out; ask again for its answer.")
              .answer());
    }
    return Optional.of(earlier.answer.with("Idempotency-Replayed", "true"));
  }

  private synchronized void leave(
      Bytes key, Entry entry, @Nullable AdminAnswer answer, boolean changed) {
    if (entries.get(key) != entry) {
      return;
    }
    bytes -= entry.size();
    if (answer == null && !changed) {
      entries.remove(key);
      return;
    }
    entry.answer =
        answer != null
            ? answer
            : AdminProblem.of(
                    ProblemType.REPEAT_UNCLEAR,
                    "The first request with this Idempotency-Key failed after it had, or may have, changed something;"
                        + " look at the state, then use a new key.")
                .answer();
    bytes += entry.size();
    forgetSurplus();
  }

  private void forgetOld() {
    Instant oldest = clock.instant().minus(KEPT);
    Iterator<Entry> each = entries.values().iterator();
    while (each.hasNext()) {
      Entry entry = each.next();
      if (!entry.since.isBefore(oldest)) {
        // They stand in the order in which they came.
        return;
      }
      bytes -= entry.size();
      each.remove();
    }
  }

  private void forgetSurplus() {
    Iterator<Entry> each = entries.values().iterator();
    while ((entries.size() > mostEntries || bytes > mostBytes) && each.hasNext()) {
      Entry entry = each.next();
      // One that is being carried out must stay known, or it would be carried out twice.
      if (entry.answer != null) {
        bytes -= entry.size();
        each.remove();
      }
    }
  }

  private Bytes hash(String text) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(macKey);
      return Bytes.adopt(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java has " + MAC, e);
    }
  }
}
