// SPDX-License-Identifier: Apache-2.0
/**
 * What all exchangeable parts share: how they are found, configured, given secrets, and asked for
 * their health.
 *
 * <p>A part is used only when configuration names it; being on the class path is not enough.
 */
@NullMarked
package org.openekm.spi;

import org.jspecify.annotations.NullMarked;
