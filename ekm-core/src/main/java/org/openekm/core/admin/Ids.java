// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.security.SecureRandom;
import java.util.UUID;

/** Makes random UUIDs of version 4 from the environment's own source of randomness. */
final class Ids {

  private static final long VERSION_MASK = 0xFFFF_FFFF_FFFF_0FFFL;
  private static final long VERSION_4 = 0x4000L;
  private static final long VARIANT_MASK = 0x3FFF_FFFF_FFFF_FFFFL;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private Ids() {}

  static UUID next(SecureRandom random) {
    long high = (random.nextLong() & VERSION_MASK) | VERSION_4;
    long low = (random.nextLong() & VARIANT_MASK) | VARIANT;
    return new UUID(high, low);
  }
}
