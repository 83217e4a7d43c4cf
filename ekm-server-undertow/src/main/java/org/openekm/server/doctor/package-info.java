// SPDX-License-Identifier: Apache-2.0
/** Looks for what keeps a set-up from working, with or without a running server. */
@NullMarked
package org.openekm.server.doctor;

import org.jspecify.annotations.NullMarked;
