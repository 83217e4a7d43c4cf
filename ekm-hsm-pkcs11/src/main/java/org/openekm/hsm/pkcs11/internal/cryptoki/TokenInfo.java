// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

/**
 * What C_GetTokenInfo tells. Texts come without trailing blanks.
 *
 * @param label the token's label
 * @param manufacturer who made it
 * @param model its model
 * @param serialNumber its serial number
 * @param flags of {@link Ckf}
 * @param maxSessionCount how many sessions it allows one application; see {@link #unlimited}
 * @param maxRwSessionCount how many of them may write; see {@link #unlimited}
 * @param firmwareVersion major and minor with a dot
 */
public record TokenInfo(
    String label,
    String manufacturer,
    String model,
    String serialNumber,
    long flags,
    long maxSessionCount,
    long maxRwSessionCount,
    String firmwareVersion) {

  private static final long ABSURD = 1L << 31;

  /** Returns true if the token has this flag of {@link Ckf}. */
  public boolean has(long flag) {
    return (flags & flag) != 0;
  }

  /**
   * Says whether a session count means "no limit": 0, CK_UNAVAILABLE_INFORMATION, and any number
   * beyond reason, for tokens are known that give 2^64-2.
   */
  public static boolean unlimited(long count) {
    return count <= 0 || count >= ABSURD;
  }
}
