// SPDX-License-Identifier: Apache-2.0
/** The command line. */
@NullMarked
package org.openekm.server.cli;

import org.jspecify.annotations.NullMarked;
