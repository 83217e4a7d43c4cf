// SPDX-License-Identifier: Apache-2.0
/** The backend {@code pkcs11}: keys that live in an HSM or token and never leave it. */
@NullMarked
package org.openekm.hsm.pkcs11;

import org.jspecify.annotations.NullMarked;
