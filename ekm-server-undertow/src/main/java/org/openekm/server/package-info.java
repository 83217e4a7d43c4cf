// SPDX-License-Identifier: Apache-2.0
/** The server and its builder. */
@NullMarked
package org.openekm.server;

import org.jspecify.annotations.NullMarked;
