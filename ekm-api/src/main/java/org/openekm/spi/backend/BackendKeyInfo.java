// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.backend;

import java.util.List;

/**
 * What a backend tells of a key.
 *
 * @param ref the key
 * @param lengthBytes the length of the AES key
 * @param warnings what a careful operator would want to know, such as that the key can be
 *     extracted; empty if all is well
 * @param unwrapsOnly true if the key can take in others, as {@link KeyBackend#unwrapKey} does, and
 *     neither encrypts nor decrypts
 */
public record BackendKeyInfo(
    BackendKeyRef ref, int lengthBytes, List<String> warnings, boolean unwrapsOnly) {

  /** Copies the list. */
  public BackendKeyInfo {
    warnings = List.copyOf(warnings);
  }

  /** What a backend tells of a key that encrypts and decrypts. */
  public BackendKeyInfo(BackendKeyRef ref, int lengthBytes, List<String> warnings) {
    this(ref, lengthBytes, warnings, false);
  }
}
