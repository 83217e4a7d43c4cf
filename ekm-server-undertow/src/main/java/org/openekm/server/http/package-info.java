// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP side: listeners with their limits and TLS, and the handlers that bring a request to the
 * endpoint, one job each.
 */
@NullMarked
package org.openekm.server.http;

import org.jspecify.annotations.NullMarked;
