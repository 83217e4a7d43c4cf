// SPDX-License-Identifier: Apache-2.0

/**
 * The other side of the wire: an OCI identity domain that hands out tokens, a caller that behaves
 * as OCI External KMS does, and a bucket that encrypts its objects with a key held elsewhere.
 *
 * <p>Everything here speaks HTTP over real sockets and knows nothing of the product it calls.
 */
@NullMarked
package org.openekm.testkit.oci;

import org.jspecify.annotations.NullMarked;
