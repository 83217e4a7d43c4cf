// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

import org.jspecify.annotations.Nullable;

/** What a mechanism of AES-GCM is called with. Keeps and changes none of the arrays. */
public final class GcmParameters {

  /** The length of the tag: OCI's calls know no other. */
  public static final int TAG_BITS = 128;

  private final long mechanism;
  private final Layout layout;
  private final byte @Nullable [] iv;
  private final int ivBits;
  private final byte[] aad;

  /**
   * Makes parameters.
   *
   * @param mechanism CKM_AES_GCM or a vendor's own code
   * @param layout the form of CK_GCM_PARAMS
   * @param iv the IV or the room for one, at most {@link GcmBuffers#MAX_IV} bytes; null for a NULL
   *     pointer and length 0
   * @param ivBits the value of ulIvBits
   * @param aad the additional authenticated data
   */
  public GcmParameters(
      long mechanism, Layout layout, byte @Nullable [] iv, int ivBits, byte[] aad) {
    this.mechanism = mechanism;
    this.layout = layout;
    this.iv = iv;
    this.ivBits = ivBits;
    this.aad = aad;
  }

  /** The two forms of CK_GCM_PARAMS in the wild. */
  public enum Layout {
    /** With ulIvBits, 48 bytes: the header files of 2.40 and version 3. */
    WITH_IV_BITS,
    /** Without, 40 bytes: the text of version 2.40. */
    WITHOUT_IV_BITS
  }

  /** Returns CKM_AES_GCM or a vendor's own code. */
  public long mechanism() {
    return mechanism;
  }

  /** Returns the form of CK_GCM_PARAMS. */
  public Layout layout() {
    return layout;
  }

  /** Returns the IV or the room for one; null for a NULL pointer. */
  public byte @Nullable [] iv() {
    return iv;
  }

  /** Returns the value of ulIvBits. */
  public int ivBits() {
    return ivBits;
  }

  /** Returns the additional authenticated data. */
  public byte[] aad() {
    return aad;
  }
}
