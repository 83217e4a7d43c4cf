// SPDX-License-Identifier: Apache-2.0
/** A real database for tests and drills. */
@NullMarked
package org.openekm.testkit.postgres;

import org.jspecify.annotations.NullMarked;
