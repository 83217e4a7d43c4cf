// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.List;
import org.openekm.api.KeyState;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;

/**
 * A version of a key.
 *
 * @param version the version
 * @param current true if it is the version that encrypts when a request names none
 * @param warnings what a careful operator would want to know; empty if all is well
 */
public record KeyVersionDetails(KeyVersionRecord version, boolean current, List<String> warnings) {

  /** Copies the list. */
  public KeyVersionDetails {
    warnings = List.copyOf(warnings);
  }

  static KeyVersionDetails of(KeyRecord key, KeyVersionRecord version) {
    boolean current = version.id().equals(key.currentVersion());
    boolean stopped =
        current && version.state() == KeyState.DISABLED && key.state() == KeyState.ACTIVE;
    return new KeyVersionDetails(
        version,
        current,
        stopped
            ? List.of(
                "this is the current version, so the key encrypts nothing until it is rotated or the version enabled")
            : List.of());
  }
}
