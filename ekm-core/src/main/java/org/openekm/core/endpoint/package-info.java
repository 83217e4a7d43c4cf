// SPDX-License-Identifier: Apache-2.0
/**
 * The six operations as requests and responses of no particular HTTP server: mount {@link
 * EkmEndpoint} in any.
 */
@NullMarked
package org.openekm.core.endpoint;

import org.jspecify.annotations.NullMarked;
