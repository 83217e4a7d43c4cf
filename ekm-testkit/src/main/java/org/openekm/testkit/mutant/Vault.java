// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A vault, its keys, and what an operator can do to them. Thread-safe by its lock. */
final class Vault {

  private static final long LATE_NANOS = 30_000_000;

  final String id = UUID.randomUUID().toString();
  private final Map<String, VendorKey> keys = new LinkedHashMap<>();
  private final Flaws flaws;
  private final Cryptor cryptor;
  private boolean blocked;
  private long changes;

  Vault(Flaws flaws, Cryptor cryptor) {
    this.flaws = flaws;
    this.cryptor = cryptor;
  }

  synchronized String addKey(byte[] material) {
    VendorKey key = new VendorKey();
    key.add(material);
    keys.put(key.id, key);
    return key.id;
  }

  synchronized Optional<VendorKey> key(String keyId) {
    return Optional.ofNullable(keys.get(keyId.toLowerCase(java.util.Locale.ROOT)));
  }

  synchronized java.util.List<VendorKey> allKeys() {
    return java.util.List.copyOf(keys.values());
  }

  synchronized long changes() {
    return changes;
  }

  synchronized void block(boolean value) {
    blocked = value;
    changes++;
  }

  synchronized boolean isBlocked() {
    return blocked && !flaws.has(Mutation.VAULT_BLOCK_IGNORED);
  }

  synchronized void blockKey(String keyId, boolean value) {
    VendorKey key = existing(keyId);
    key.blocked = value;
    key.blockedAtChange = ++changes;
    key.blockedAtNanos = System.nanoTime();
  }

  /** Returns true if the block is in force for a request on a connection of this age. */
  synchronized boolean isKeyBlocked(VendorKey key, long connectedAt) {
    if (flaws.has(Mutation.BLOCK_STOPS_OTHER_KEYS)) {
      return keys.values().stream().anyMatch(each -> each.blocked);
    }
    boolean spared =
        (flaws.has(Mutation.BLOCK_SPARES_OPEN_CONNECTIONS) && connectedAt < key.blockedAtChange)
            || (flaws.has(Mutation.BLOCK_IS_LATE)
                && System.nanoTime() - key.blockedAtNanos < LATE_NANOS);
    return key.blocked && !spared;
  }

  synchronized void disable(String keyId, boolean value) {
    existing(keyId).disabled = value;
    changes++;
  }

  synchronized void destroy(String keyId) {
    existing(keyId).destroyed = true;
    changes++;
  }

  synchronized void rotate(String keyId) {
    VendorKey key = existing(keyId);
    String old = key.current;
    key.add(cryptor.random(32));
    if (flaws.has(Mutation.OLD_VERSION_LOST)) {
      key.versions.remove(old);
    }
    changes++;
  }

  private VendorKey existing(String keyId) {
    return key(keyId).orElseThrow(() -> new IllegalArgumentException("no such key"));
  }
}
