// SPDX-License-Identifier: Apache-2.0
/**
 * Where keys live: the door to an HSM, a key manager or a keystore.
 *
 * <p>A backend knows nothing of vaults, tokens, policies or audit. It gets an opaque key reference
 * and bytes, and either does the work before the deadline or throws one of the {@link
 * BackendException} kinds.
 */
@NullMarked
package org.openekm.spi.backend;

import org.jspecify.annotations.NullMarked;
