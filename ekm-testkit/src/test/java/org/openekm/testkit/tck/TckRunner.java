// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a contract kit over an implementation, inside a test. */
final class TckRunner {

  /** The names of the test methods, by how they ended. */
  record Outcome(Set<String> passed, Set<String> failed, Set<String> aborted) {}

  private TckRunner() {}

  /**
   * Asserts that the kit finds the flaw by the test that is there for it, and that the flaw doesn't
   * break everything.
   */
  static void assertFound(Class<?> kit, Enum<?> flaw, String test) {
    Outcome outcome = run(kit, flaw);
    assertThat(outcome.failed()).as("tests that fail for %s", flaw).contains(test);
    assertThat(outcome.passed()).as("tests that pass all the same").isNotEmpty();
  }

  /** Runs the kit class, whose constructor takes the flaw. */
  static Outcome run(Class<?> kit, Enum<?> flaw) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(kit))
            .configurationParameter(FlawResolver.PARAMETER, flaw.name())
            .build();
    Outcome outcome = new Outcome(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    Launcher launcher = LauncherFactory.create();
    launcher.execute(request, new Sorter(outcome));
    return outcome;
  }

  private record Sorter(Outcome outcome) implements TestExecutionListener {

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      test.getSource()
          .filter(MethodSource.class::isInstance)
          .map(source -> ((MethodSource) source).getMethodName())
          .ifPresent(name -> bucket(result.getStatus()).add(name));
    }

    private Set<String> bucket(TestExecutionResult.Status status) {
      return switch (status) {
        case SUCCESSFUL -> outcome.passed();
        case FAILED -> outcome.failed();
        case ABORTED -> outcome.aborted();
      };
    }
  }
}
