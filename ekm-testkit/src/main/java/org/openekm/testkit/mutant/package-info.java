// SPDX-License-Identifier: Apache-2.0

/**
 * A small vendor's endpoint that is right, or wrong in exactly one way: the judge of the checks. It
 * shares no code with OpenEKM's server, keeps its keys in memory and is for tests only.
 */
@NullMarked
package org.openekm.testkit.mutant;

import org.jspecify.annotations.NullMarked;
