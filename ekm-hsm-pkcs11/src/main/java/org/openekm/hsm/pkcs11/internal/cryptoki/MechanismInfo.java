// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

/**
 * What C_GetMechanismInfo tells.
 *
 * @param minKeySize in the unit of the mechanism: bytes for AES
 * @param maxKeySize likewise
 * @param flags of {@link Ckf}
 */
public record MechanismInfo(long minKeySize, long maxKeySize, long flags) {}
