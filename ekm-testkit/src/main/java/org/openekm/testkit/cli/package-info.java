// SPDX-License-Identifier: Apache-2.0

/** The command line of the kit. */
@NullMarked
package org.openekm.testkit.cli;

import org.jspecify.annotations.NullMarked;
