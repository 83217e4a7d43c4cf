// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.util.Set;

/**
 * One demand on an endpoint.
 *
 * @param id its lasting name, such as {@code token.alg-none}: a group, a dot, and words
 * @param rule what must be true, one sentence
 * @param evidence how sure it is that OCI demands it
 * @param severity what it means if it fails
 * @param needs what it needs of the target; without it the check is skipped
 * @param probe finds out
 */
public record Check(
    String id, String rule, Evidence evidence, Severity severity, Set<Need> needs, Probe probe) {

  /** Copies the needs. */
  public Check {
    if (!id.matches("[a-z0-9]+(?:\\.[a-z0-9-]+)+")) {
      throw new IllegalArgumentException("id must be a group, a dot and words: " + id);
    }
    needs = Set.copyOf(needs);
  }

  /** Returns the part of the id before the dot. */
  public String group() {
    return id.substring(0, id.indexOf('.'));
  }

  /** Begins a check that must hold. */
  public static Draft must(String id, String rule) {
    return new Draft(id, rule, Severity.MUST);
  }

  /** Begins a check that should hold. */
  public static Draft should(String id, String rule) {
    return new Draft(id, rule, Severity.SHOULD);
  }

  /** Begins a check that only informs. */
  public static Draft info(String id, String rule) {
    return new Draft(id, rule, Severity.INFO);
  }

  /** A check in the making. */
  public record Draft(String id, String rule, Severity severity) {

    /** Completes it. */
    public Check by(Evidence evidence, Probe probe, Need... needs) {
      return new Check(id, rule, evidence, severity, Set.of(needs), probe);
    }
  }
}
