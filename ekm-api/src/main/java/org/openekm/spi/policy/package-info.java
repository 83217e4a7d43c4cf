// SPDX-License-Identifier: Apache-2.0
/**
 * Who may do what with which key, beyond the token: allow or deny, with the clause that decided.
 */
@NullMarked
package org.openekm.spi.policy;

import org.jspecify.annotations.NullMarked;
