// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

/** Is told how calls begin and end. Thread-safe, quick, doesn't throw. */
interface CallObserver {

  /** A call has begun. */
  void started();

  /** The server has refused the call itself; {@link #ended} follows. */
  void refused(Call call, Refusal refusal);

  /** The call has been answered or given up; comes exactly once after {@link #started}. */
  void ended(Call call);

  /** Returns true if connections shall be closed after their current answer. */
  boolean draining();
}
