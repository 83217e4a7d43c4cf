// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.backend;

/**
 * The name of one piece of key material inside a backend, such as a PKCS#11 CKA_ID in hexadecimal
 * or a KMIP Unique Identifier. Opaque to everybody else; never a secret.
 *
 * @param value 1 to 512 printable ASCII characters
 */
public record BackendKeyRef(String value) {

  /** The largest number of characters. */
  public static final int MAX_LENGTH = 512;

  /**
   * Checks the text.
   *
   * @throws IllegalArgumentException if it is empty, too long or holds other characters
   */
  public BackendKeyRef {
    if (value.isEmpty()
        || value.length() > MAX_LENGTH
        || !value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException(
          "backend key reference must have 1 to 512 printable ASCII characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
