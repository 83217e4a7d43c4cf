// SPDX-License-Identifier: Apache-2.0

/** What a run found, for people and for programs. */
@NullMarked
package org.openekm.testkit.conformance.report;

import org.jspecify.annotations.NullMarked;
