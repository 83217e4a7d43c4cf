// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.nio.file.Path;

/**
 * One thing wrong in an audit log.
 *
 * @param file where
 * @param line in which line, from 1 on; 0 if it is about the whole file
 * @param kind what sort of thing
 * @param reason what was found and what was expected, for people
 */
public record AuditFinding(Path file, long line, Kind kind, String reason) {

  /** What sort of thing is wrong. */
  public enum Kind {
    /** Bytes of the line are not those that were written. */
    ALTERED,
    /** Lines or files that must be there are not. */
    MISSING,
    /**
     * The line or file is genuine in itself but does not belong in this place: moved, repeated or
     * inserted.
     */
    MISPLACED,
    /**
     * The last line is unfinished, as a killed process leaves it behind; such a line was never
     * acknowledged.
     */
    TORN_END,
    /** The log does not contain what the checkpoint says that it must. */
    CHECKPOINT
  }

  @Override
  public String toString() {
    return file + (line > 0 ? " line " + line : "") + ": " + reason;
  }
}
