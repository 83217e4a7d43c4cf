// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.openekm.api.Bytes;

/**
 * Key material that was encrypted for its way here.
 *
 * @param wrapping how
 * @param bytes the result of the wrapping
 * @param wrappingKey the key that it is wrapped under, by id or as {@code VAULT/NAME}; present with
 *     {@link Wrapping#AES_KWP} only
 */
public record WrappedMaterial(Wrapping wrapping, Bytes bytes, Optional<String> wrappingKey) {

  /** How key material can be wrapped. */
  public enum Wrapping {
    /**
     * A random AES-256 key, encrypted by RSA-OAEP (SHA-256, MGF1 with SHA-256, no label) under
     * {@link KeyAdmin#importPublicKey}, followed by the material, wrapped under that AES key by AES
     * key wrap with padding (RFC 5649). PKCS#11 calls it CKM_RSA_AES_KEY_WRAP.
     */
    RSA_AES_256("rsa-aes-256"),
    /**
     * AES key wrap with padding (RFC 5649) under a key that is in the vault's backend already, so
     * that the material is never in this process's memory if the backend is a device.
     */
    AES_KWP("aes-kwp");

    private final String text;

    Wrapping(String text) {
      this.text = text;
    }

    /** Returns the name by which an operator asks for it. */
    public String text() {
      return text;
    }
  }

  /** Checks that there is a wrapping key where one is needed, and only there. */
  public WrappedMaterial {
    requireNonNull(wrapping, "wrapping");
    requireNonNull(bytes, "bytes");
    if (wrappingKey.isPresent() != (wrapping == Wrapping.AES_KWP)) {
      throw new IllegalArgumentException("a wrapping key goes with aes-kwp, and only with that");
    }
  }

  /** Makes material that is wrapped for this process's own key. */
  public static WrappedMaterial forImportKey(Bytes bytes) {
    return new WrappedMaterial(Wrapping.RSA_AES_256, bytes, Optional.empty());
  }
}
