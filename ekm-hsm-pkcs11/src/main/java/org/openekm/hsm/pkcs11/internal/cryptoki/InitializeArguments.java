// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

import org.jspecify.annotations.Nullable;

/**
 * What C_Initialize is called with.
 *
 * @param reserved the text for pReserved, which NSS needs; null for a NULL pointer
 * @param osLocking true to ask for operating-system locks
 */
public record InitializeArguments(@Nullable String reserved, boolean osLocking) {}
