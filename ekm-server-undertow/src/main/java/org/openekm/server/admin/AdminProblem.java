// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.util.List;
import java.util.Optional;
import org.openekm.core.admin.AdminException;
import org.openekm.core.admin.AdminVerb;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;

/**
 * Why a management request was refused.
 *
 * @param status the HTTP status
 * @param detail one sentence for the operator
 * @param problems what is wrong with which field
 * @param verb the verb that the administrator lacks; absent if that is not why
 */
record AdminProblem(
    int status, String detail, List<ConfigurationProblem> problems, Optional<String> verb) {

  static AdminProblem of(int status, String detail) {
    return new AdminProblem(status, detail, List.of(), Optional.empty());
  }

  static AdminProblem of(InvalidConfigurationException e) {
    return new AdminProblem(
        400,
        "The request has " + e.problems().size() + " problem(s).",
        e.problems(),
        Optional.empty());
  }

  static AdminProblem of(AdminException e) {
    int status =
        switch (e.kind()) {
          case INVALID -> 400;
          case FORBIDDEN, NOT_APPROVED -> 403;
          case NOT_FOUND -> 404;
          case CONFLICT, WRONG_STATE -> 409;
          case UNAVAILABLE -> 503;
        };
    return new AdminProblem(
        status, String.valueOf(e.getMessage()), e.problems(), e.missing().map(AdminVerb::word));
  }
}
