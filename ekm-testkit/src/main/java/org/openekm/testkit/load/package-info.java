// SPDX-License-Identifier: Apache-2.0

/**
 * A load generator that behaves as OCI does: its time-outs and its retry, requests at times that
 * were fixed before, and latencies counted from those times, so that a server that stalls can't
 * hide it.
 */
@NullMarked
package org.openekm.testkit.load;

import org.jspecify.annotations.NullMarked;
