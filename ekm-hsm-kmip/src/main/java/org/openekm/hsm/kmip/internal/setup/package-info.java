// SPDX-License-Identifier: Apache-2.0
/** Reads settings and puts a backend together. */
@NullMarked
package org.openekm.hsm.kmip.internal.setup;

import org.jspecify.annotations.NullMarked;
