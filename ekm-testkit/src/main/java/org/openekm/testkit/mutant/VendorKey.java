// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** A key with its versions and its state. Guarded by its vault's lock. */
final class VendorKey {

  final String id = UUID.randomUUID().toString();
  final Map<String, byte[]> versions = new LinkedHashMap<>();
  String current = "";
  String first = "";
  boolean blocked;
  boolean disabled;
  boolean destroyed;

  /** The number of state changes when it was blocked last, and the time. */
  long blockedAtChange;

  long blockedAtNanos;

  void add(byte[] material) {
    current = UUID.randomUUID().toString();
    first = first.isEmpty() ? current : first;
    versions.put(current, material);
  }
}
