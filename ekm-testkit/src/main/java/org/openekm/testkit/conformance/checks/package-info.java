// SPDX-License-Identifier: Apache-2.0

/** The checks, one class per subject. */
@NullMarked
package org.openekm.testkit.conformance.checks;

import org.jspecify.annotations.NullMarked;
