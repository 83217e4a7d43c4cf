// SPDX-License-Identifier: Apache-2.0

/** Tests of the fakes. */
@NullMarked
package org.openekm.testkit.fake;

import org.jspecify.annotations.NullMarked;
