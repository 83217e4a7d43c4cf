// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.policy.Policy;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;

/** One key with its versions and its compiled policy. Immutable. */
public final class KeyEntry {

  private final KeyRecord record;
  private final Optional<Policy> policy;
  private final Map<KeyVersionId, KeyVersionRecord> versions;
  private final List<KeyVersionRecord> newestFirst;
  private final KeyVersionRecord current;

  KeyEntry(
      KeyRecord record, Optional<Policy> policy, Map<KeyVersionId, KeyVersionRecord> versions) {
    this.record = record;
    this.policy = policy;
    this.versions = Map.copyOf(versions);
    this.newestFirst = newestFirst(versions.values());
    this.current =
        requireNonNull(versions.get(record.currentVersion()), "the key's current version");
  }

  /** Most keys have one version, and there may be a hundred thousand of them at a start. */
  private static List<KeyVersionRecord> newestFirst(Collection<KeyVersionRecord> versions) {
    return versions.size() == 1
        ? List.copyOf(versions)
        : versions.stream()
            .sorted(Comparator.comparingInt(KeyVersionRecord::number).reversed())
            .toList();
  }

  /** Returns the key's record. */
  public KeyRecord record() {
    return record;
  }

  /** Returns the key's own policy; absent if the vault's alone decides. */
  public Optional<Policy> policy() {
    return policy;
  }

  /** Returns the version that encrypts. */
  public KeyVersionRecord current() {
    return current;
  }

  /** Returns a version of this key. */
  public Optional<KeyVersionRecord> version(KeyVersionId id) {
    return Optional.ofNullable(versions.get(id));
  }

  /** Returns all versions, the one with the highest number first. */
  public List<KeyVersionRecord> newestFirst() {
    return newestFirst;
  }

  Map<KeyVersionId, KeyVersionRecord> versions() {
    return new HashMap<>(versions);
  }
}
