// SPDX-License-Identifier: Apache-2.0
/** The metadata store that lives in memory, for trials, tests and embedders that keep nothing. */
@NullMarked
package org.openekm.core.store;

import org.jspecify.annotations.NullMarked;
