// SPDX-License-Identifier: Apache-2.0
/**
 * How a PKCS#11 library is called: one class that knows the structures, on top of two ways to reach
 * memory and functions. All arguments cross as 64-bit words, which is what the calling conventions
 * of 64-bit Unix make of CK_ULONG, pointers and CK_BBOOL.
 */
@NullMarked
package org.openekm.hsm.pkcs11.internal.binding;

import org.jspecify.annotations.NullMarked;
