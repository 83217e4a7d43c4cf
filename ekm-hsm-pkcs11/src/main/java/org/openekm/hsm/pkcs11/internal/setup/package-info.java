// SPDX-License-Identifier: Apache-2.0
/** Reads a backend's settings and puts it together. */
@NullMarked
package org.openekm.hsm.pkcs11.internal.setup;

import org.jspecify.annotations.NullMarked;
