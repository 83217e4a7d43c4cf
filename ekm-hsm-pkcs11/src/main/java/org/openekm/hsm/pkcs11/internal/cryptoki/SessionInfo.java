// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

/**
 * What C_GetSessionInfo tells.
 *
 * @param slot the slot
 * @param state a CKS value; 1 and 3 mean logged in
 * @param flags of {@link Ckf}
 * @param deviceError an error code of the device, 0 for none
 */
public record SessionInfo(long slot, long state, long flags, long deviceError) {}
