// SPDX-License-Identifier: Apache-2.0
/** Who calls: the check of the bearer token. */
@NullMarked
package org.openekm.spi.auth;

import org.jspecify.annotations.NullMarked;
