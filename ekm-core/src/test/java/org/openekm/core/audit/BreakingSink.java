// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.util.List;
import org.openekm.spi.CheckResult;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.audit.AuditSink;
import org.openekm.spi.audit.AuditSinkException;

/** Fails at its n-th append. */
final class BreakingSink implements AuditSink {

  private final AuditSink real;
  private final boolean withError;
  private int left;

  BreakingSink(AuditSink real, int nth, boolean withError) {
    this.real = real;
    this.left = nth;
    this.withError = withError;
  }

  @Override
  public AuditReceipt append(List<AuditEvent> batch) {
    if (--left == 0) {
      if (withError) {
        throw new NoClassDefFoundError("scripted");
      }
      throw new AuditSinkException("scripted", null);
    }
    return real.append(batch);
  }

  @Override
  public CheckResult check() {
    return real.check();
  }

  @Override
  public void close() {
    real.close();
  }
}
