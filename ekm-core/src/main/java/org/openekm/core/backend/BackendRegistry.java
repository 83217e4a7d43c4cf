// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.KeyBackend;

/**
 * The configured backends by name. Immutable and thread-safe. Owns the backends and closes them.
 */
public final class BackendRegistry implements AutoCloseable {

  private final Map<String, KeyBackend> backends;

  /** Makes a registry of these backends. */
  public BackendRegistry(Map<String, KeyBackend> backends) {
    this.backends = Map.copyOf(backends);
  }

  /**
   * Returns the backend of that name.
   *
   * @throws EkmException {@code BACKEND_UNAVAILABLE} if none is configured
   */
  public KeyBackend get(String name) {
    KeyBackend backend = backends.get(name);
    if (backend == null) {
      throw new EkmException(
          EkmErrorCode.BACKEND_UNAVAILABLE,
          "backend "
              + name
              + " is not configured on this server, only "
              + names()
              + "; add it to the configuration and restart");
    }
    return backend;
  }

  /** Returns the names in alphabetical order. */
  public Set<String> names() {
    return new TreeSet<>(backends.keySet());
  }

  /** Tries every backend in turn, with the deadline for all together; doesn't throw. */
  public Map<String, CheckResult> check(Deadline deadline) {
    Map<String, CheckResult> results = new LinkedHashMap<>();
    new TreeMap<>(backends).forEach((name, backend) -> results.put(name, backend.check(deadline)));
    return results;
  }

  @Override
  public void close() {
    RuntimeException first = null;
    for (KeyBackend backend : backends.values()) {
      try {
        backend.close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
