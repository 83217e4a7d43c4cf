// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.util.Optional;

/** The server answered that it did not do what was asked. */
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int MOST_TEXT = 200;

  private final KmipOperation operation;
  private final int reason;

  /**
   * Makes an exception.
   *
   * @param reason the Result Reason's number
   * @param text the server's own words
   */
  public RefusedException(KmipOperation operation, int reason, String text) {
    super(operation.label() + ": " + named(reason) + printable(text));
    this.operation = operation;
    this.reason = reason;
  }

  /** Returns what was asked. */
  public KmipOperation operation() {
    return operation;
  }

  /** Returns the reason, if the standard has it. */
  public Optional<ResultReason> reason() {
    return ResultReason.of(reason);
  }

  /** Returns true if the reason is this one. */
  public boolean is(ResultReason other) {
    return reason == other.code();
  }

  private static String named(int reason) {
    return ResultReason.of(reason)
        .map(ResultReason::label)
        .orElseGet(() -> String.format("reason 0x%X", reason));
  }

  /** A server's words go into our log: one line, of a sensible length. */
  private static String printable(String text) {
    if (text.isBlank()) {
      return "";
    }
    String line = text.replaceAll("[^ -~]", "?");
    return " (" + line.substring(0, Math.min(MOST_TEXT, line.length())) + ")";
  }
}
