// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import org.openekm.spi.ConfigurationProblem;

/**
 * A problem and where in the file it is.
 *
 * @param line the line, from 1 on; 0 if the problem belongs to no line
 * @param column the column, from 1 on; 0 if the problem belongs to no line
 * @param problem field, what is wrong and what to do
 */
public record LocatedProblem(int line, int column, ConfigurationProblem problem) {

  @Override
  public String toString() {
    String where = line > 0 ? "line " + line + ", column " + column + ": " : "";
    String field = problem.field().isEmpty() ? "" : problem.field() + " ";
    return where + field + problem.problem() + "; " + problem.hint();
  }
}
