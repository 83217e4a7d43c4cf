// SPDX-License-Identifier: Apache-2.0
/**
 * A key manager that speaks KMIP, inside a test's own process: right by default, with a vendor's
 * habits or with faults on cue. Its codec is its own, so that it can judge anybody's client.
 */
@NullMarked
package org.openekm.testkit.kmip;

import org.jspecify.annotations.NullMarked;
