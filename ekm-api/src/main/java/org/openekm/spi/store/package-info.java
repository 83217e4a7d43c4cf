// SPDX-License-Identifier: Apache-2.0
/**
 * Where issuers, tenancies, vaults, keys and key versions are written down; never any key material.
 *
 * <p>All records share one revision counter: every change commits together with the counter's next
 * value.
 */
@NullMarked
package org.openekm.spi.store;

import org.jspecify.annotations.NullMarked;
