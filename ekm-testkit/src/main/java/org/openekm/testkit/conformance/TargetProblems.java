// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with a target. */
final class TargetProblems {

  private final List<String> problems = new ArrayList<>();

  void add(String place, String rule, String hint) {
    problems.add(place + ": " + rule + " (" + hint + ")");
  }

  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new InvalidTargetException(String.join(System.lineSeparator(), problems), null);
    }
  }
}
