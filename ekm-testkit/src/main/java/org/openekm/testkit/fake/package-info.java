// SPDX-License-Identifier: Apache-2.0

/**
 * Stand-ins for tests: clocks, backends, stores, sinks, keys and certificates that do what they are
 * told and remember what they saw. None of them belongs into production.
 */
@NullMarked
package org.openekm.testkit.fake;

import org.jspecify.annotations.NullMarked;
