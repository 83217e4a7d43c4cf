// SPDX-License-Identifier: Apache-2.0
/** What the core tells to metrics and tracing, so that it needs no metrics library of its own. */
@NullMarked
package org.openekm.spi.event;

import org.jspecify.annotations.NullMarked;
