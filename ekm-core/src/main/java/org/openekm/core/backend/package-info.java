// SPDX-License-Identifier: Apache-2.0
/**
 * What stands between the engine and its backends: their names, their protection against failing
 * devices, their errors.
 */
@NullMarked
package org.openekm.core.backend;

import org.jspecify.annotations.NullMarked;
