// SPDX-License-Identifier: Apache-2.0
/** Messages over TLS: connections, pools, several servers, and what each of them can do. */
@NullMarked
package org.openekm.hsm.kmip.internal.client;

import org.jspecify.annotations.NullMarked;
