// SPDX-License-Identifier: Apache-2.0

/**
 * The contracts of the service provider interfaces as JUnit classes. Extend the class of the
 * interface that you implement, fill in its hooks, and every test of the contract runs against your
 * implementation.
 *
 * <p>A test that needs something an implementation says it can't do is aborted, not failed. The
 * classes use only what JUnit Jupiter 5.14 and 6 have in common.
 */
@NullMarked
package org.openekm.testkit.tck;

import org.jspecify.annotations.NullMarked;
