// SPDX-License-Identifier: Apache-2.0
/** Several tokens with the same keys as one backend. */
@NullMarked
package org.openekm.hsm.pkcs11.internal.set;

import org.jspecify.annotations.NullMarked;
