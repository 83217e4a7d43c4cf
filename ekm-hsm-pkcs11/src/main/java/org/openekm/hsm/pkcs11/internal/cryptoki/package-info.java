// SPDX-License-Identifier: Apache-2.0
/** PKCS#11 as Java sees it: the functions, the values, the structures. No binding and no policy. */
@NullMarked
package org.openekm.hsm.pkcs11.internal.cryptoki;

import org.jspecify.annotations.NullMarked;
