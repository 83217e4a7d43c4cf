// SPDX-License-Identifier: Apache-2.0
/**
 * One token in this process: its library, log-in, sessions and keys, what to do when any of them is
 * lost, and AES-GCM as the token does it.
 *
 * <p>Three things can go stale, each inside the one before: the library's initialization, the
 * log-in with its handles (a {@code Generation}), and a session. A fault is repaired at the
 * innermost level that it belongs to, and at the next one outwards if that does not help.
 */
@NullMarked
package org.openekm.hsm.pkcs11.internal.token;

import org.jspecify.annotations.NullMarked;
