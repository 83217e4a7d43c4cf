// SPDX-License-Identifier: Apache-2.0
/**
 * A token in a process of its own. A vendor's library that hangs, crashes or can't be restarted
 * then costs the calls under way, not the server.
 *
 * <p>The server ({@link org.openekm.hsm.pkcs11.internal.isolation.IsolatedKeyBackend}) starts the
 * process, gives it a one-time key through its standard input, and talks to it through Unix-domain
 * sockets that only processes with that key can use. One connection carries the process's questions
 * for secrets and its end; the others carry one call at a time each.
 */
@NullMarked
package org.openekm.hsm.pkcs11.internal.isolation;

import org.jspecify.annotations.NullMarked;
