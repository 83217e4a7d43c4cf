// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One log-in to a token and all that is valid only as long as it lasts: the session that keeps it,
 * the other sessions, the handles of keys. Thread-safe.
 */
final class Generation {

  private final long libraryEpoch;
  private final long keeper;
  private final SessionPool sessions;
  private final Map<String, KeyObject> keys = new ConcurrentHashMap<>();

  Generation(long libraryEpoch, long keeper, SessionPool sessions) {
    this.libraryEpoch = libraryEpoch;
    this.keeper = keeper;
    this.sessions = sessions;
  }

  /** The library's epoch; the generation ends with it. */
  long libraryEpoch() {
    return libraryEpoch;
  }

  /** The session that is never used: the log-in dies with the last session. */
  long keeper() {
    return keeper;
  }

  /** The sessions beside the keeper. */
  SessionPool sessions() {
    return sessions;
  }

  /** The keys found so far, by their CKA_ID in hexadecimal. */
  Map<String, KeyObject> keys() {
    return keys;
  }
}
