// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import org.openekm.api.Bytes;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.backend.BackendKeyRef;

/**
 * One key of a keystore.
 *
 * @param version the key version that it is for
 * @param label a name for people
 * @param createdAtMillis when it was made or imported, in milliseconds since 1970
 * @param wrapIv the IV under which it is encrypted in the file
 * @param wrapped the encrypted key with its tag
 * @param key the key itself
 */
record StoredKey(
    KeyVersionId version,
    String label,
    long createdAtMillis,
    Bytes wrapIv,
    Bytes wrapped,
    AesKey key) {

  /** Returns the reference under which the key of a version is kept. */
  static BackendKeyRef refOf(KeyVersionId version) {
    return new BackendKeyRef("sw-" + version);
  }

  BackendKeyRef ref() {
    return refOf(version);
  }
}
