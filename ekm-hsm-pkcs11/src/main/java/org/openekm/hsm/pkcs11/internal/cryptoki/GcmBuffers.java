// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

/**
 * Memory for the mechanism, its parameters, the IV, the additional data, the input and the output
 * of one session's AES-GCM calls. Lives and stays in place from C_EncryptInit to the end of
 * C_Encrypt, as tokens that write the IV back need it. Not thread-safe.
 */
public interface GcmBuffers extends AutoCloseable {

  /** The most bytes of an IV that fit. */
  int MAX_IV = 16;

  /** Copies what the IV memory now holds into {@code target}, at most {@link #MAX_IV} bytes. */
  void readIv(byte[] target);

  /** Overwrites with zeros what the last call has left behind. */
  void wipe();

  /** Wipes and frees the memory. May be called repeatedly. */
  @Override
  void close();
}
