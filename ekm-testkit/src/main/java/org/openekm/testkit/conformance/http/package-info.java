// SPDX-License-Identifier: Apache-2.0

/** HTTP/1.1 over TLS as bytes: what no well-behaved client would send can be sent too. */
@NullMarked
package org.openekm.testkit.conformance.http;

import org.jspecify.annotations.NullMarked;
