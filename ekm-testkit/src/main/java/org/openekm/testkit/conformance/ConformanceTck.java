// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The conformance checks as JUnit tests, one each. A vendor extends this class and names the
 * target:
 *
 * <pre>{@code
 * final class OurEndpointTest extends ConformanceTck {
 *   protected Target target() {
 *     return ...;
 *   }
 * }
 * }</pre>
 */
public abstract class ConformanceTck {

  /** For the vendor's class. */
  protected ConformanceTck() {}

  /** Returns the endpoint under test. */
  protected abstract Target target();

  /** Returns the checks to run; all that must hold, unless overridden. */
  protected List<Check> checks() {
    return ConformanceSuite.select(Severity.MUST, "*");
  }

  /** Makes a test of each check. */
  @TestFactory
  final Stream<DynamicTest> conformance() {
    ConformanceRun run = new ConformanceRun(target(), WireNames.standard());
    return checks().stream().map(check -> dynamicTest(check.id(), () -> judge(run.run(check))));
  }

  private static void judge(CheckResult result) {
    assumeTrue(result.outcome() != Outcome.SKIPPED, result.text());
    if (result.outcome() != Outcome.PASSED) {
      throw new AssertionError(
          result.check().rule() + " But: " + result.text() + "\n" + result.exchanges());
    }
  }
}
