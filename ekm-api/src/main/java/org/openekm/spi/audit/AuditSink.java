// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.audit;

import java.util.List;
import org.openekm.spi.CheckResult;

/**
 * Keeps audit events for good.
 *
 * <p>One thread at a time calls {@link #append}; {@link #check} may be called from any thread
 * meanwhile.
 */
public interface AuditSink extends AutoCloseable {

  /**
   * Makes the events durable in their order. When it returns, they survive a crash of the process
   * and of the machine.
   *
   * @param batch at least one event
   * @return where the last of them stands
   * @throws AuditSinkException if any of them may be lost; those before may have been kept
   */
  AuditReceipt append(List<AuditEvent> batch);

  /** Tries whether the next append would work; doesn't throw. */
  CheckResult check();

  /** Lets go of files and connections. */
  @Override
  void close();
}
