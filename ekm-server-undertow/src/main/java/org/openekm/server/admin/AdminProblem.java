// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openekm.core.admin.AdminException;
import org.openekm.core.admin.AdminVerb;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;

/**
 * Why a management request was refused.
 *
 * @param type what sort of refusal it is
 * @param status the HTTP status
 * @param detail one sentence for the operator
 * @param problems what is wrong with which field
 * @param verb the verb that the administrator lacks; absent if that is not why
 */
record AdminProblem(
    ProblemType type,
    int status,
    String detail,
    List<ConfigurationProblem> problems,
    Optional<String> verb) {

  static final String MEDIA_TYPE = "application/problem+json";

  private static final int RETRY_SECONDS = 5;

  static AdminProblem of(int status, String detail) {
    return new AdminProblem(ProblemType.of(status), status, detail, List.of(), Optional.empty());
  }

  static AdminProblem of(ProblemType type, String detail) {
    return new AdminProblem(type, type.status(), detail, List.of(), Optional.empty());
  }

  static AdminProblem of(InvalidConfigurationException e) {
    return new AdminProblem(
        ProblemType.INVALID,
        ProblemType.INVALID.status(),
        "The request has " + e.problems().size() + " problem(s).",
        e.problems(),
        Optional.empty());
  }

  static AdminProblem of(AdminException e) {
    ProblemType type =
        switch (e.kind()) {
          case INVALID -> ProblemType.INVALID;
          case FORBIDDEN -> ProblemType.FORBIDDEN;
          case NOT_APPROVED -> ProblemType.NOT_APPROVED;
          case NOT_FOUND -> ProblemType.NOT_FOUND;
          case CONFLICT -> ProblemType.CONFLICT;
          case WRONG_STATE -> ProblemType.WRONG_STATE;
          case STALE -> ProblemType.STALE;
          case UNAVAILABLE -> ProblemType.UNAVAILABLE;
        };
    return new AdminProblem(
        type,
        type.status(),
        String.valueOf(e.getMessage()),
        e.problems(),
        e.missing().map(AdminVerb::word));
  }

  /** Returns the answer that tells it. */
  AdminAnswer answer() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", type.uri());
    body.put("title", type.title());
    body.put("status", status);
    body.put("detail", detail);
    verb.ifPresent(word -> body.put("verb", word));
    if (!problems.isEmpty()) {
      body.put("errors", problems);
    }
    boolean later = type == ProblemType.UNAVAILABLE || type == ProblemType.REPEAT_RUNNING;
    return AdminAnswer.json(
        status,
        MEDIA_TYPE,
        body,
        later ? Map.of("Retry-After", Integer.toString(RETRY_SECONDS)) : Map.of());
  }
}
