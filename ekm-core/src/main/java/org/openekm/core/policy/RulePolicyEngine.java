// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import org.openekm.spi.policy.Policy;
import org.openekm.spi.policy.PolicyEngine;

/**
 * The built-in policy language: JSON with a list of rules.
 *
 * <pre>{@code
 * {"rules": [
 *   {"name": "oci-in-office-hours", "effect": "allow",
 *    "operations": ["encrypt", "decrypt"],
 *    "clientIds": ["0oa1"], "scopes": ["oci_ekms"],
 *    "sources": ["203.0.113.0/24", "2001:db8::/32"],
 *    "times": [{"days": ["mon", "tue", "wed", "thu", "fri"],
 *               "from": "08:00", "to": "18:00", "zone": "Europe/Zurich"}]},
 *   {"name": "no-random", "effect": "deny", "operations": ["generate-random-bytes"]}
 * ]}
 * }</pre>
 *
 * <p>A rule matches when every member that it has matches; a member that it has not matches
 * everything. Any deny rule that matches decides, wherever it stands; else the first allow rule
 * that matches; else the answer is deny with the clause {@code default}. A request without a source
 * address, which comes from inside the process, matches {@code sources} of a deny rule and not
 * those of an allow rule.
 *
 * <p>A time window without {@code from} and {@code to} lasts all day. One that ends before it
 * begins runs over midnight and belongs to the day on which it begins. The zone is UTC unless
 * given.
 *
 * <p>Immutable and thread-safe.
 */
public final class RulePolicyEngine implements PolicyEngine {

  /** The longest policy text, in characters. */
  public static final int MAX_LENGTH = 64 * 1024;

  private static final String ALLOW_ALL =
      "{\"rules\": [{\"name\": \"allow-all\", \"effect\": \"allow\"}]}";

  private final PolicyParser parser = new PolicyParser();

  /** Makes an engine. */
  public RulePolicyEngine() {}

  /**
   * Returns the text of the policy that allows every operation to everybody who has passed the
   * token check.
   */
  public static String allowAll() {
    return ALLOW_ALL;
  }

  @Override
  public Policy compile(String source) {
    return new RulePolicy(parser.parse(source));
  }
}
