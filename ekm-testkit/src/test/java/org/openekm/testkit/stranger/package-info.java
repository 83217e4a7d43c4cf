// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.openekm.testkit.stranger;

import org.jspecify.annotations.NullMarked;
