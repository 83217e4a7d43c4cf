// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.fake;

import java.util.Arrays;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmBuffers;

/** The memory that a fake token writes IVs back to. */
final class FakeBuffers implements GcmBuffers {

  private final byte[] iv = new byte[MAX_IV];

  void setIv(byte[] value) {
    Arrays.fill(iv, (byte) 0);
    System.arraycopy(value, 0, iv, 0, Math.min(value.length, MAX_IV));
  }

  @Override
  public void readIv(byte[] target) {
    System.arraycopy(iv, 0, target, 0, Math.min(target.length, MAX_IV));
  }

  @Override
  public void wipe() {
    Arrays.fill(iv, (byte) 0);
  }

  @Override
  public void close() {
    wipe();
  }
}
