// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.function.Consumer;
import java.util.function.Function;
import org.openekm.api.Deadline;

/** Who calls the library: threads of their own, or the caller's. Thread-safe. */
interface TokenCalls extends AutoCloseable {

  /**
   * Has something done with a session, by the deadline.
   *
   * @param wipe destroys a result that comes too late
   * @throws org.openekm.spi.backend.BackendException if it fails
   */
  <T> T call(Function<TokenSession, T> work, Consumer<T> wipe, Deadline deadline);

  /** Returns how many calls are being worked on. */
  int busy();

  /** Returns how many calls are still in the library although their callers have given up. */
  int hanging();

  /** Lets go of the sessions. */
  @Override
  void close();
}
