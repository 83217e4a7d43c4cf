// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.openekm.api.Bytes;
import org.openekm.api.NanoClock;
import org.openekm.hsm.kmip.internal.client.ProtocolVersion;
import org.openekm.hsm.kmip.internal.client.RefusedException;
import org.openekm.hsm.kmip.internal.client.ServerInfo;
import org.openekm.hsm.kmip.internal.client.Session;
import org.openekm.spi.backend.BackendException;

/** Looks at keys and servers before they are used for the first time. Thread-safe. */
final class KeyChecks {

  private static final int STRONG_BYTES = 32;
  private static final long REMEMBERED_NANOS = 1_000_000_000;
  private static final int MOST_REMEMBERED = 1_000;

  private final KmipBackendConfig config;
  private final NanoClock clock;
  private final Supplier<Bytes> ivs;

  /** What each server said of itself when it passed; another answer means another server. */
  private final Map<Integer, ServerInfo> passed = new ConcurrentHashMap<>();

  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Map<String, Remembered> denied = new ConcurrentHashMap<>();

  private record Remembered(KeyFacts facts, long until) {}

  KeyChecks(KmipBackendConfig config, NanoClock clock, Supplier<Bytes> ivs) {
    this.config = config;
    this.clock = clock;
    this.ivs = ivs;
  }

  /** Lets a key pass that is fit for use, on a server that computes rightly. */
  void require(Session session, String key) {
    if (!config.localCrypto()) {
      requireServer(session, key);
    }
    if (!seen.contains(key)) {
      KeyFacts facts = facts(session, key);
      FaultTable.requireUsable(key, facts);
      requireStrong(key, facts);
      seen.add(key);
    }
  }

  /** Tries the server with the key, unless that was done. */
  void requireServer(Session session, String key) {
    if (!session.info().equals(passed.get(session.index()))) {
      GcmCipher.requireGcm(session, Bytes.empty());
      GcmSelfTest.run(session, key, ivs);
      passed.put(session.index(), session.info());
    }
  }

  /** Returns true if the server has passed the test, or needs none. */
  boolean hasPassed(Session session) {
    return config.localCrypto() || session.info().equals(passed.get(session.index()));
  }

  KeyFacts facts(Session session, String key) {
    ProtocolVersion version = session.info().version();
    return Attributes.facts(
        version,
        session.send(Requests.getAttributes(version, key, session.quirks().protectedKeys())));
  }

  private void requireStrong(String key, KeyFacts facts) {
    List<String> weaknesses = weaknesses(facts);
    if (config.refuseWeak() && !weaknesses.isEmpty()) {
      throw new BackendException.KeyUnusable(
          "key " + key + " " + String.join(" and ", weaknesses) + "; 'key-check: warn' allows it",
          null);
    }
  }

  /**
   * Returns what a careful operator would want to know of a usable key.
   *
   * @throws BackendException if it is not usable
   */
  List<String> inspected(String key, KeyFacts facts) {
    FaultTable.requireUsable(key, facts);
    requireStrong(key, facts);
    return weaknesses(facts);
  }

  private List<String> weaknesses(KeyFacts facts) {
    List<String> weaknesses = new ArrayList<>();
    if (facts.lengthBytes() != STRONG_BYTES) {
      weaknesses.add("has " + facts.bits().orElse(0) + " bits, not 256");
    }
    if (!config.localCrypto() && facts.extractable().orElse(false)) {
      weaknesses.add("can be extracted");
    }
    return weaknesses;
  }

  void forget(String key) {
    seen.remove(key);
  }

  /**
   * Returns what the server tells of a key that it refuses to use; empty if it tells nothing. Kept
   * for a second: many calls may be refused at once.
   */
  Optional<KeyFacts> ofRefused(Session session, String key) {
    long now = clock.nanos();
    Remembered known = denied.get(key);
    if (known != null && now - known.until() < 0) {
      return Optional.of(known.facts());
    }
    try {
      KeyFacts facts = facts(session, key);
      if (denied.size() >= MOST_REMEMBERED) {
        denied.clear();
      }
      denied.put(key, new Remembered(facts, now + REMEMBERED_NANOS));
      return Optional.of(facts);
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }
}
