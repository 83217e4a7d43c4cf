// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

/** What a return value of the library means for us. */
enum Fault {
  /** The ciphertext, tag, IV, AAD and key don't belong together. */
  BAD_CIPHERTEXT,
  /** Either that or a sick device: some tokens have one code for both. */
  BAD_CIPHERTEXT_OR_DEVICE,
  /** The session is gone or in a state that we can't leave: another one will do. */
  SESSION,
  /** The log-in or the key's handle is no longer valid. */
  STALE,
  /** The device or the library has lost its state: start it anew. */
  DEVICE,
  /** The token can do no more at the moment. */
  BUSY,
  /** The key exists but may not or can't be used for this. */
  KEY_UNUSABLE,
  /** The PIN is wrong, locked, expired or not set: trying again would only lock the token. */
  PIN,
  /** The token can't do what it is asked for; the settings must change. */
  SETTINGS
}
