// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

/** The operations that OCI External KMS calls. */
public enum Operation {
  /** Reads the metadata of a vault. */
  GET_VAULT_METADATA(false),
  /** Reads the metadata of a key and learns its current version. */
  GET_KEY_METADATA(false),
  /** Reads the metadata of one version of a key. */
  GET_KEY_VERSION_METADATA(false),
  /** Encrypts under a key. */
  ENCRYPT(true),
  /** Decrypts under a key. */
  DECRYPT(true),
  /** Makes random bytes and, if configured, their encryption under the key. */
  GENERATE_RANDOM_BYTES(true);

  private final boolean cryptographic;

  Operation(boolean cryptographic) {
    this.cryptographic = cryptographic;
  }

  /** Returns true if the operation uses the key itself and not only what is known about it. */
  public boolean isCryptographic() {
    return cryptographic;
  }
}
