// SPDX-License-Identifier: Apache-2.0
/**
 * The drill of the kill switch: blocks and unblocks keys again and again under load, cuts nodes
 * off, and judges from outside whether a block that was acknowledged ever failed to hold.
 */
@NullMarked
package org.openekm.testkit.drill;

import org.jspecify.annotations.NullMarked;
