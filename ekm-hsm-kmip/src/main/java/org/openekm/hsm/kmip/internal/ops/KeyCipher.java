// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.internal.client.Session;
import org.openekm.spi.backend.BackendCiphertext;

/** Where AES-GCM is computed. Thread-safe. */
sealed interface KeyCipher permits GcmCipher, LocalCipher {

  /** Encrypts with this IV, of 12 bytes, which was never used before. */
  BackendCiphertext encrypt(
      Session session, String key, SecretBytes plaintext, Bytes iv, Bytes aad);

  /** Decrypts. */
  SecretBytes decrypt(Session session, String key, Sealed sealed, Bytes aad);
}
