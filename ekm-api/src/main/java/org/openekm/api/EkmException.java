// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that leaves the core: a code and a detail for the operator.
 *
 * <p>The detail holds ids, field names and rules, never anything that a caller sent; it goes to the
 * audit and the log. What the caller gets is made from the code and the wire profile alone, with
 * the {@linkplain #inputOffset() input offset} and the {@linkplain #field() field name} filled in.
 */
public final class EkmException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final EkmErrorCode code;
  private final @Nullable String field;
  private final int inputOffset;

  /** Makes an exception with a detail that is safe to log. */
  public EkmException(EkmErrorCode code, String safeDetail) {
    this(code, safeDetail, null, -1, null);
  }

  /** Makes an exception with a detail that is safe to log, and what caused it. */
  public EkmException(EkmErrorCode code, String safeDetail, @Nullable Throwable cause) {
    this(code, safeDetail, null, -1, cause);
  }

  private EkmException(
      EkmErrorCode code,
      String safeDetail,
      @Nullable String field,
      int inputOffset,
      @Nullable Throwable cause) {
    super(requireNonNull(safeDetail, "safeDetail"), cause);
    this.code = requireNonNull(code, "code");
    this.field = field;
    this.inputOffset = inputOffset;
  }

  /** Returns the exception for a request field that breaks a rule; both end up in the answer. */
  public static EkmException malformed(String field, String rule) {
    return new EkmException(EkmErrorCode.MALFORMED_REQUEST, field + " " + rule, field, -1, null);
  }

  /** Returns the exception for a field that is not base64 from the byte at {@code offset} on. */
  public static EkmException badBase64(String field, int offset) {
    return new EkmException(
        EkmErrorCode.BAD_BASE64, field + " is not base64 at byte " + offset, field, offset, null);
  }

  /** Returns the exception for a request field over its limit. */
  public static EkmException tooLarge(String field, String rule) {
    return new EkmException(EkmErrorCode.TOO_LARGE, field + " " + rule, field, -1, null);
  }

  /** Returns the code. */
  public EkmErrorCode code() {
    return code;
  }

  /** Returns the canonical name of the request field at fault. */
  public Optional<String> field() {
    return Optional.ofNullable(field);
  }

  /** Returns the byte, from 0 on, at which the field's text went wrong. */
  public OptionalInt inputOffset() {
    return inputOffset < 0 ? OptionalInt.empty() : OptionalInt.of(inputOffset);
  }

  /** Returns the detail for log and audit. */
  public String safeDetail() {
    return requireNonNull(getMessage());
  }

  /** Returns the code and the detail. */
  @Override
  @SuppressWarnings("OverrideThrowableToString") // the message stays the bare detail, for the audit
  public String toString() {
    return "EkmException[" + code + ": " + getMessage() + "]";
  }
}
