// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.List;
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

  static KeyDetails of(KeyEntry entry, List<String> warnings) {
    return new KeyDetails(entry.record(), entry.newestFirst(), warnings);
  }
}
