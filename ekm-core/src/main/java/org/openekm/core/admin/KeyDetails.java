// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;

/**
 * A key with its versions.
 *
 * @param key the key
 * @param versions all versions, newest first
 * @param warnings what a careful operator would want to know of the material just made or adopted;
 *     empty if all is well
 */
public record KeyDetails(KeyRecord key, List<KeyVersionRecord> versions, List<String> warnings) {

  /** Copies the lists. */
  public KeyDetails {
    versions = List.copyOf(versions);
    warnings = List.copyOf(warnings);
  }

  /** Returns all versions with what is to be said of each, newest first. */
  public List<KeyVersionDetails> versionDetails() {
    return versions.stream().map(version -> KeyVersionDetails.of(key, version)).toList();
  }

  /** Returns when the server will make the next version by itself; absent if it won't. */
  public Optional<Instant> nextRotation() {
    Optional<Instant> currentSince =
        versions.stream()
            .filter(version -> version.id().equals(key.currentVersion()))
            .map(KeyVersionRecord::createdAt)
            .findFirst();
    return currentSince.flatMap(since -> key.attributes().rotationPeriod().map(since::plus));
  }

  static KeyDetails of(KeyEntry entry, List<String> warnings) {
    return new KeyDetails(entry.record(), entry.newestFirst(), warnings);
  }
}
