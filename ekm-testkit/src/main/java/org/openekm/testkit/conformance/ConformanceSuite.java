// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.openekm.testkit.conformance.checks.BodyChecks;
import org.openekm.testkit.conformance.checks.CryptoChecks;
import org.openekm.testkit.conformance.checks.ErrorChecks;
import org.openekm.testkit.conformance.checks.HttpChecks;
import org.openekm.testkit.conformance.checks.LenientChecks;
import org.openekm.testkit.conformance.checks.SignatureChecks;
import org.openekm.testkit.conformance.checks.StateChecks;
import org.openekm.testkit.conformance.checks.TimingChecks;
import org.openekm.testkit.conformance.checks.TlsChecks;
import org.openekm.testkit.conformance.checks.TokenChecks;
import org.openekm.testkit.conformance.checks.WireChecks;

/** All checks, in the order in which they run: state changes last. */
public final class ConformanceSuite {

  private ConformanceSuite() {}

  /** Returns all checks. */
  public static List<Check> all() {
    List<Check> all = new ArrayList<>();
    all.addAll(TlsChecks.all());
    all.addAll(WireChecks.all());
    all.addAll(CryptoChecks.all());
    all.addAll(ErrorChecks.all());
    all.addAll(BodyChecks.all());
    all.addAll(LenientChecks.all());
    all.addAll(TokenChecks.all());
    all.addAll(SignatureChecks.all());
    all.addAll(HttpChecks.all());
    all.addAll(TimingChecks.all());
    all.addAll(StateChecks.all());
    return List.copyOf(all);
  }

  /**
   * Returns the checks that are at least as severe and whose id fits.
   *
   * @param least the least severity
   * @param glob an id in which {@code *} stands for any text
   */
  public static List<Check> select(Severity least, String glob) {
    Pattern pattern =
        Pattern.compile(Pattern.quote(glob.toLowerCase(Locale.ROOT)).replace("*", "\\E.*\\Q"));
    return all().stream()
        .filter(check -> check.severity().compareTo(least) <= 0)
        .filter(check -> pattern.matcher(check.id()).matches())
        .toList();
  }
}
