// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.backend;

/** What a backend may be able to do beside encryption and decryption. */
public enum BackendFeature {
  /** Makes keys: {@link KeyBackend#generateKey}. */
  GENERATE_KEY,
  /** Takes key material from outside: {@link KeyBackend#importKey}. */
  IMPORT_KEY,
  /** Takes key material that is wrapped under a key it holds: {@link KeyBackend#unwrapKey}. */
  UNWRAP_KEY,
  /** Destroys keys: {@link KeyBackend#destroyKey}. */
  DESTROY_KEY,
  /** Makes random bytes in the device: {@link KeyBackend#randomBytes}. */
  RANDOM_BYTES
}
