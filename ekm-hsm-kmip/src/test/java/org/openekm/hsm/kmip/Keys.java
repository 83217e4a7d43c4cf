// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip;

import java.util.UUID;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.backend.NewKey;

/** Keys to be made. */
public final class Keys {

  private Keys() {}

  /** Returns a key of so many bytes. */
  public static NewKey newKey(int lengthBytes) {
    return new NewKey(new KeyVersionId(UUID.randomUUID()), "test", lengthBytes);
  }
}
