// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import javax.crypto.SecretKey;
import org.openekm.api.SecretBytes;

/**
 * An AES key that can be wiped, which the platform's own {@code SecretKeySpec} can't. Whoever gets
 * the encoded key while it is being wiped gets all of it or an {@link IllegalStateException}, so
 * nothing is ever encrypted under half a key. Thread-safe.
 */
final class AesKey implements SecretKey {

  private static final long serialVersionUID = 1L;

  private final transient SecretBytes material;

  /** Takes the material over. */
  AesKey(SecretBytes material) {
    this.material = material;
  }

  int lengthBytes() {
    return material.length();
  }

  boolean holds(SecretBytes other) {
    return material.equals(other);
  }

  @Override
  public String getAlgorithm() {
    return "AES";
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  /** Returns a copy, which the caller wipes; the platform's AES does. */
  @Override
  public byte[] getEncoded() {
    return material.toByteArray();
  }

  @Override
  public void destroy() {
    material.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return material.isDestroyed();
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("keys are not serialized");
  }
}
