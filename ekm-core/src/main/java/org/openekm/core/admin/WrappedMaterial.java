// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static java.util.Objects.requireNonNull;

import org.openekm.api.Bytes;

/**
 * Key material that was encrypted for its way here.
 *
 * @param wrapping how
 * @param bytes the result of the wrapping
 */
public record WrappedMaterial(Wrapping wrapping, Bytes bytes) {

  /** How key material can be wrapped. */
  public enum Wrapping {
    /**
     * A random AES-256 key, encrypted by RSA-OAEP (SHA-256, MGF1 with SHA-256, no label) under
     * {@link KeyAdmin#importPublicKey()}, followed by the material, wrapped under that AES key by
     * AES key wrap with padding (RFC 5649). PKCS#11 calls it CKM_RSA_AES_KEY_WRAP.
     */
    RSA_AES_256("rsa-aes-256");

    private final String text;

    Wrapping(String text) {
      this.text = text;
    }

    /** Returns the name by which an operator asks for it. */
    public String text() {
      return text;
    }
  }

  /** Checks that nothing is null. */
  public WrappedMaterial {
    requireNonNull(wrapping, "wrapping");
    requireNonNull(bytes, "bytes");
  }
}
