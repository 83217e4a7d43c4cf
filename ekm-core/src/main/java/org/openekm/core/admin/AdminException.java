// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openekm.spi.ConfigurationProblem;

/**
 * Says why a use case of administration was refused or failed. The message is for the administrator
 * and holds no secret.
 */
public final class AdminException extends RuntimeException {

  /** What sort of refusal it is. */
  public enum Kind {
    /** What was given can't be used; the problems name each field. */
    INVALID,
    /** What was named does not exist. */
    NOT_FOUND,
    /** It collides with something that exists. */
    CONFLICT,
    /** The vault or key is not in a state that permits it. */
    WRONG_STATE,
    /** It has changed since the caller looked, who wanted to be told; nothing was done. */
    STALE,
    /**
     * Something that is needed does not work now; the message says whether the change is in force.
     */
    UNAVAILABLE,
    /** The administrator has not been granted the verb that it takes. */
    FORBIDDEN,
    /** Others have to approve it, and have not, or not enough of them, or something else. */
    NOT_APPROVED
  }

  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final transient List<ConfigurationProblem> problems;
  private final @Nullable AdminVerb missing;

  /** Makes an exception. */
  public AdminException(
      Kind kind, String message, List<ConfigurationProblem> problems, @Nullable Throwable cause) {
    this(kind, message, problems, cause, null);
  }

  private AdminException(
      Kind kind,
      String message,
      List<ConfigurationProblem> problems,
      @Nullable Throwable cause,
      @Nullable AdminVerb missing) {
    super(message, cause);
    this.kind = requireNonNull(kind, "kind");
    this.problems = List.copyOf(problems);
    this.missing = missing;
  }

  static AdminException forbidden(AdminVerb missing, String message) {
    return new AdminException(Kind.FORBIDDEN, message, List.of(), null, missing);
  }

  static AdminException invalid(List<ConfigurationProblem> problems) {
    String all =
        problems.stream().map(ConfigurationProblem::toString).collect(Collectors.joining("; "));
    return new AdminException(Kind.INVALID, all, problems, null);
  }

  static AdminException of(Kind kind, String message) {
    return new AdminException(kind, message, List.of(), null);
  }

  static AdminException unavailable(String message, Throwable cause) {
    return new AdminException(Kind.UNAVAILABLE, message, List.of(), cause);
  }

  /** Returns the verb that the administrator lacks; present if the kind is FORBIDDEN. */
  public Optional<AdminVerb> missing() {
    return Optional.ofNullable(missing);
  }

  /** Returns what sort of refusal it is. */
  public Kind kind() {
    return kind;
  }

  /**
   * Returns everything that is wrong with the input; empty unless the kind is {@link Kind#INVALID}
   * or a field collides.
   */
  public List<ConfigurationProblem> problems() {
    return problems;
  }
}
