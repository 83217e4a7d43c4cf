// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs checks against a target, one after the other. After each check a correct request must still
 * succeed; if it doesn't, the check has broken the endpoint, and that is a finding too. Used by one
 * thread.
 */
public final class ConformanceRun {

  private static final byte[] CONTROL = {1, 2, 3};

  private final Target target;
  private final Bench bench;
  private final Set<Need> offers;

  /**
   * Makes a run.
   *
   * @param target the endpoint and what is known of it
   * @param names the contract's JSON names
   */
  public ConformanceRun(Target target, WireNames names) {
    this.target = target;
    this.bench = new Bench(target, names);
    this.offers = target.offers();
  }

  /**
   * Runs the checks and reports them all.
   *
   * @param checks the checks in their order
   * @param observer sees each result as it comes
   */
  public ConformanceReport run(List<Check> checks, Consumer<CheckResult> observer) {
    Instant startedAt = Instant.now();
    long start = System.nanoTime();
    List<CheckResult> results = new ArrayList<>();
    for (Check check : checks) {
      CheckResult result = run(check);
      results.add(result);
      observer.accept(result);
    }
    return new ConformanceReport(
        target.vaultUrl(), startedAt, Duration.ofNanos(System.nanoTime() - start), results);
  }

  /** Runs one check. */
  public CheckResult run(Check check) {
    Set<Need> missing = EnumSet.noneOf(Need.class);
    check.needs().stream().filter(need -> !offers.contains(need)).forEach(missing::add);
    if (!missing.isEmpty()) {
      String remedies = missing.stream().map(Need::remedy).collect(Collectors.joining("; "));
      return new CheckResult(check, Outcome.SKIPPED, remedies, List.of(), Duration.ZERO);
    }
    bench.takeExchanges();
    long start = System.nanoTime();
    Verdict verdict = judge(check).or(this::control).orElse(Verdict.PASSED);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return new CheckResult(
        check,
        verdict.outcome(),
        verdict.text(),
        verdict.outcome() == Outcome.PASSED ? List.of() : bench.takeExchanges(),
        elapsed);
  }

  private record Verdict(Outcome outcome, String text) {
    static final Verdict PASSED = new Verdict(Outcome.PASSED, "");
  }

  private Optional<Verdict> judge(Check check) {
    try {
      check.probe().run(bench);
      return Optional.empty();
    } catch (Finding e) {
      return Optional.of(new Verdict(Outcome.FAILED, e.text()));
    } catch (IOException e) {
      return Optional.of(new Verdict(Outcome.BROKEN, "could not be judged: " + e.getMessage()));
    }
  }

  /** A check that leaves the endpoint useless has found something, whatever it was after. */
  private Optional<Verdict> control() {
    try {
      bench.encrypt(CONTROL, Optional.empty());
      return Optional.empty();
    } catch (Finding e) {
      return Optional.of(
          new Verdict(Outcome.FAILED, "afterwards a correct encryption failed: " + e.text()));
    } catch (IOException e) {
      return Optional.of(
          new Verdict(Outcome.FAILED, "afterwards the endpoint did not answer: " + e.getMessage()));
    }
  }
}
