// SPDX-License-Identifier: Apache-2.0
/** Key wrap, for administration and for backends. */
@NullMarked
package org.openekm.core.internal.wrap;

import org.jspecify.annotations.NullMarked;
