// SPDX-License-Identifier: Apache-2.0
/**
 * The token check: who calls, proved by a token of the vault's own issuer. Any doubt is a refusal,
 * and nothing on the request path waits for the identity domain.
 */
@NullMarked
package org.openekm.core.auth;

import org.jspecify.annotations.NullMarked;
