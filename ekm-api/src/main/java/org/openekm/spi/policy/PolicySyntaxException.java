// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.policy;

import java.util.List;

/** Thrown when a policy's text can't be read; carries every problem that was found. */
public final class PolicySyntaxException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /** Makes an exception from all problems, at least one; each names the place and the rule. */
  public PolicySyntaxException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Returns the problems. */
  public List<String> problems() {
    return problems;
  }
}
