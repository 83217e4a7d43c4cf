// SPDX-License-Identifier: Apache-2.0
/** Test kit for products that build on or speak to OpenEKM. */
@NullMarked
package org.openekm.testkit;

import org.jspecify.annotations.NullMarked;
