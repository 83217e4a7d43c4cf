// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.util.List;
import org.openekm.spi.audit.AuditReceipt;

/**
 * What an {@link AuditVerifier} found.
 *
 * @param files how many files were read
 * @param firstFile the number of the first of them; more than 1 if older ones were not given, 0 if
 *     there was none
 * @param events how many genuine events there are
 * @param firstSequence the number of the first event, 0 if there is none
 * @param head the last genuine event and the hash of its line: a checkpoint to keep elsewhere
 * @param findings everything wrong, in the order of the files; at most 1000
 */
public record AuditReport(
    int files,
    long firstFile,
    long events,
    long firstSequence,
    AuditReceipt head,
    List<AuditFinding> findings) {

  /** Copies the list. */
  public AuditReport {
    findings = List.copyOf(findings);
  }

  /** The overall judgement. */
  public enum Verdict {
    /** Nothing is wrong. */
    INTACT,
    /** Nothing is wrong but an unfinished last line, as a killed process leaves it behind. */
    TORN_END,
    /** The log was changed, or parts of it are missing. */
    BROKEN
  }

  /** Returns the overall judgement. */
  public Verdict verdict() {
    if (findings.isEmpty()) {
      return Verdict.INTACT;
    }
    return findings.stream().allMatch(finding -> finding.kind() == AuditFinding.Kind.TORN_END)
        ? Verdict.TORN_END
        : Verdict.BROKEN;
  }

  /**
   * Returns true if the log begins with its very first file, so that nothing before it can be
   * missing.
   */
  public boolean beginsAtFirstFile() {
    return firstFile == 1;
  }
}
