// SPDX-License-Identifier: Apache-2.0
/** The management API: JSON over HTTP on a listener of its own. */
@NullMarked
package org.openekm.server.admin;

import org.jspecify.annotations.NullMarked;
