// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

/**
 * Something to do with a session. May be done twice: the first time may have failed half-way.
 *
 * @param <T> what it gives
 */
@FunctionalInterface
interface TokenOperation<T> {

  /**
   * Does it.
   *
   * @param session a session of the generation, this operation's alone
   * @param generation the log-in that handles belong to
   */
  T run(TokenSession session, Generation generation);
}
