// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.binding;

import org.jspecify.annotations.Nullable;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkLayout;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmBuffers;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmParameters;

/** One block for all that a session's AES-GCM calls point to. */
final class NativeGcmBuffers implements GcmBuffers {

  private static final int MECHANISM = 0;
  private static final int PARAMETERS = 32;
  private static final int IV = 80;
  private static final int LENGTH = 96;
  private static final int AAD = 112;

  /** More than a tag and the longest IV: tokens are known that say less than they write. */
  private static final int OVERHEAD = 64;

  private final NativeBlock block;
  private final int maxInput;
  private final int maxAad;
  private final long input;
  private final long output;
  private int aadUsed;
  private int inputUsed;
  private int outputUsed;
  private boolean closed;

  NativeGcmBuffers(NativeAccess access, int maxInput, int maxAad) {
    this.maxInput = maxInput;
    this.maxAad = maxAad;
    this.input = AAD + aligned(maxAad);
    this.output = input + aligned(maxInput);
    this.block = access.allocateLasting(output + aligned(maxInput + OVERHEAD));
  }

  private static long aligned(long size) {
    return (size + 15) / 16 * 16;
  }

  /** Fills in CK_MECHANISM and what it points to, and returns its address. */
  long mechanism(GcmParameters parameters) {
    requireFits(parameters.aad().length, maxAad);
    byte[] aad = parameters.aad();
    aadUsed = Math.max(aadUsed, aad.length);
    block.write(AAD, aad, aad.length);
    boolean withIvBits = parameters.layout() == GcmParameters.Layout.WITH_IV_BITS;
    block.putLong(MECHANISM, parameters.mechanism());
    block.putLong(MECHANISM + CkLayout.Mechanism.PARAMETER, block.address() + PARAMETERS);
    block.putLong(
        MECHANISM + CkLayout.Mechanism.LENGTH,
        withIvBits
            ? CkLayout.GcmParams.SIZE_WITH_IV_BITS
            : CkLayout.GcmParams.SIZE_WITHOUT_IV_BITS);
    putIv(parameters.iv());
    int next = PARAMETERS + CkLayout.GcmParams.IV_BITS;
    if (withIvBits) {
      block.putLong(next, parameters.ivBits());
      next += CkLayout.ULONG;
    }
    block.putLong(next, aad.length == 0 ? 0 : block.address() + AAD);
    block.putLong(next + CkLayout.ULONG, aad.length);
    block.putLong(next + 2 * CkLayout.ULONG, GcmParameters.TAG_BITS);
    return block.address() + MECHANISM;
  }

  private void putIv(byte @Nullable [] iv) {
    int length = iv == null ? 0 : iv.length;
    requireFits(length, MAX_IV);
    block.clear(IV, MAX_IV);
    if (iv != null) {
      block.write(IV, iv, length);
    }
    block.putLong(PARAMETERS, iv == null ? 0 : block.address() + IV);
    block.putLong(PARAMETERS + CkLayout.GcmParams.IV_LENGTH, length);
  }

  /** Copies the input in and returns its address. */
  long input(byte[] data) {
    requireFits(data.length, maxInput);
    inputUsed = Math.max(inputUsed, data.length);
    block.write(input, data, data.length);
    return block.address() + input;
  }

  long output() {
    return block.address() + output;
  }

  /** Sets the room for the output and returns the address of the number. */
  long length() {
    outputUsed = Math.max(outputUsed, inputUsed + OVERHEAD);
    block.putLong(LENGTH, outputUsed);
    return block.address() + LENGTH;
  }

  /** Copies what was put out and returns its length. */
  int takeOutput(byte[] target) {
    int length = Math.toIntExact(block.getLong(LENGTH));
    if (length < 0 || length > outputUsed) {
      throw new IllegalStateException("the library says that it wrote " + length + " bytes");
    }
    requireFits(length, target.length);
    block.read(output, target, length);
    return length;
  }

  private static void requireFits(int length, int room) {
    if (length > room) {
      throw new IllegalArgumentException(length + " bytes don't fit into " + room);
    }
  }

  @Override
  public void readIv(byte[] target) {
    block.read(IV, target, Math.min(target.length, MAX_IV));
  }

  @Override
  public void wipe() {
    block.clear(AAD, aadUsed);
    block.clear(input, inputUsed);
    block.clear(output, outputUsed);
    block.clear(0, AAD);
    aadUsed = 0;
    inputUsed = 0;
    outputUsed = 0;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      wipe();
      block.close();
    }
  }
}
