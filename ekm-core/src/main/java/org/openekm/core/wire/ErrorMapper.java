// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.Optional;
import org.openekm.api.EkmException;
import org.openekm.api.Operation;

/**
 * Writes the body of a refusal: {@code {"code":"<status>","message":"<text>"}}. The text comes from
 * the profile; of the exception only the field's name, its rule and the offset get in, never the
 * detail of a failure inside. Immutable and thread-safe.
 */
public final class ErrorMapper {

  private static final int CAPACITY = 256;
  private static final String ANY_FIELD = "request";
  private static final String ANY_RULE = "is not what this operation takes";

  private final WireProfile profile;

  /** Makes a mapper with the texts of a profile. */
  public ErrorMapper(WireProfile profile) {
    this.profile = profile;
  }

  /**
   * Returns the body; its status is {@code error.code().httpStatus()}.
   *
   * @param operation what was asked, empty if that never became clear
   * @param error why it is refused
   */
  public byte[] body(Optional<Operation> operation, EkmException error) {
    JsonBuffer out = new JsonBuffer(CAPACITY);
    out.raw('{');
    out.string("code");
    out.raw(':');
    out.string(Integer.toString(error.code().httpStatus()));
    out.raw(',');
    out.string("message");
    out.raw(':');
    out.string(message(profile.errors().find(operation, error.code()), error));
    out.raw('}');
    return out.finish();
  }

  private static String message(String text, EkmException error) {
    if (text.indexOf('{') < 0) {
      return text;
    }
    String field = error.field().orElse(ANY_FIELD);
    return text.replace("{offset}", Integer.toString(error.inputOffset().orElse(0)))
        .replace("{field}", field)
        .replace("{rule}", rule(error, field));
  }

  /**
   * The factories of EkmException put "field rule" into the detail; any other detail stays inside.
   */
  private static String rule(EkmException error, String field) {
    String detail = error.safeDetail();
    boolean hasRule = error.field().isPresent() && detail.startsWith(field + " ");
    return hasRule ? detail.substring(field.length() + 1) : ANY_RULE;
  }
}
