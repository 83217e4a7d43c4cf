// SPDX-License-Identifier: Apache-2.0
/** The backend {@code kmip}: keys that live in a key manager and are used there. */
@NullMarked
package org.openekm.hsm.kmip;

import org.jspecify.annotations.NullMarked;
