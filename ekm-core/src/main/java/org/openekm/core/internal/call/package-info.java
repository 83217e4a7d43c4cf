// SPDX-License-Identifier: Apache-2.0
/** How one call goes through the core: authenticate, admit, work, look again, audit, answer. */
@NullMarked
package org.openekm.core.internal.call;

import org.jspecify.annotations.NullMarked;
