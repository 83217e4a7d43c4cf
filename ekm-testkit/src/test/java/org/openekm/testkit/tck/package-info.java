// SPDX-License-Identifier: Apache-2.0

/** Tests of the contract kits: what is right passes, and each planted fault is found. */
@NullMarked
package org.openekm.testkit.tck;

import org.jspecify.annotations.NullMarked;
