// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.set;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.openekm.api.NanoClock;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.KeyBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One token of a set, what is known of its health, and which keys it lacks. Thread-safe. */
public final class Member {

  private static final Logger LOG = LoggerFactory.getLogger(Member.class);

  /** How long a member that has failed stands back behind the others. */
  private static final long STAND_BACK = Duration.ofSeconds(1).toNanos();

  private final String name;
  private final KeyBackend backend;
  private final NanoClock clock;
  private final Set<String> lacking = ConcurrentHashMap.newKeySet();
  private volatile boolean failed;
  private volatile long failedAt;

  /** Makes a member. */
  public Member(String name, KeyBackend backend, NanoClock clock) {
    this.name = name;
    this.backend = backend;
    this.clock = clock;
  }

  String name() {
    return name;
  }

  KeyBackend backend() {
    return backend;
  }

  /** Returns true unless it has failed a moment ago. */
  boolean inFront() {
    return !failed || clock.nanos() - failedAt > STAND_BACK;
  }

  void succeeded() {
    if (failed) {
      failed = false;
      LOG.info("token {} works again", name);
    }
  }

  /** Notes a failure that says something about the token itself. */
  void failed(BackendException failure) {
    failedAt = clock.nanos();
    if (!failed) {
      failed = true;
      LOG.warn("token {} stands back: {}", name, failure.getMessage());
    }
  }

  /** Notes that it lacks a key that it should have. */
  void lacks(String key) {
    if (lacking.add(key)) {
      LOG.warn("token {} lacks the key {}, which others of its set may have", name, key);
    }
  }

  void has(String key) {
    if (lacking.remove(key)) {
      LOG.info("token {} has the key {} now", name, key);
    }
  }

  boolean isLacking(String key) {
    return lacking.contains(key);
  }

  int lackingCount() {
    return lacking.size();
  }
}
