// SPDX-License-Identifier: Apache-2.0
/** Metadata stores that keep their records in a database. */
@NullMarked
package org.openekm.server.store;

import org.jspecify.annotations.NullMarked;
