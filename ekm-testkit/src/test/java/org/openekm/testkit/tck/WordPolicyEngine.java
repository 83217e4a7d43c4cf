// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.openekm.api.Operation;
import org.openekm.spi.policy.AccessRequest;
import org.openekm.spi.policy.Decision;
import org.openekm.spi.policy.Policy;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.spi.policy.PolicySyntaxException;

/**
 * A right policy engine of the simplest language: {@code rules}, then {@code allow OPERATION;} and
 * {@code deny OPERATION;} with {@code *} for all, {@code end} at last. Wrong in as many ways as it
 * is told to be.
 */
final class WordPolicyEngine implements PolicyEngine {

  /** A way to be wrong. */
  enum Flaw {
    ALLOWS_BY_DEFAULT,
    FIRST_MATCH_WINS,
    NO_CLAUSE,
    OTHER_EXCEPTION_ON_SYNTAX,
    IGNORES_BAD_WORDS,
    NO_PROBLEMS_NAMED,
    NEEDS_A_SOURCE,
    NEEDS_A_KEY,
    SHARES_STATE,
    RECURSES,
    SAME_CLAUSE_ALWAYS,
    FLIPS
  }

  private record Rule(boolean allow, Optional<Operation> operation) {
    boolean matches(AccessRequest request) {
      return operation.isEmpty() || operation.get() == request.operation();
    }
  }

  private static final Pattern FORM =
      Pattern.compile("rules((?:\\s+(?:allow|deny) [A-Z_*]+;)*)\\s+end");

  private final Set<Flaw> flaws;
  private List<Rule> shared = List.of();

  WordPolicyEngine(Set<Flaw> flaws) {
    this.flaws = flaws.isEmpty() ? EnumSet.noneOf(Flaw.class) : EnumSet.copyOf(flaws);
  }

  @Override
  public Policy compile(String source) {
    if (has(Flaw.RECURSES)) {
      descend(source, 0);
    }
    List<Rule> rules = parse(source);
    shared = rules;
    int[] calls = new int[1];
    return request -> {
      Decision decision = decide(has(Flaw.SHARES_STATE) ? shared : rules, request);
      if (has(Flaw.FLIPS) && ++calls[0] % 2 == 0) {
        return new Decision(!decision.allowed(), decision.clause());
      }
      return decision;
    };
  }

  private Decision decide(List<Rule> rules, AccessRequest request) {
    boolean needsMore =
        (has(Flaw.NEEDS_A_SOURCE) && request.source().isEmpty())
            || (has(Flaw.NEEDS_A_KEY) && request.key().isEmpty());
    if (needsMore) {
      throw new IllegalStateException("something is missing in the request");
    }
    List<Rule> matching = rules.stream().filter(rule -> rule.matches(request)).toList();
    if (matching.isEmpty()) {
      return new Decision(has(Flaw.ALLOWS_BY_DEFAULT), clause("default"));
    }
    if (has(Flaw.FIRST_MATCH_WINS)) {
      return new Decision(matching.get(0).allow(), clause(matching.get(0).toString()));
    }
    boolean allowed = matching.stream().allMatch(Rule::allow);
    return new Decision(allowed, clause(allowed ? "allow" : "deny"));
  }

  private String clause(String right) {
    if (has(Flaw.SAME_CLAUSE_ALWAYS)) {
      return "rule";
    }
    return has(Flaw.NO_CLAUSE) ? "" : right;
  }

  private List<Rule> parse(String source) {
    var matcher = FORM.matcher(source.length() > 10_000 ? "" : source);
    if (!matcher.matches()) {
      return refuse(
          "a policy is: rules, then allow or deny with an operation and a semicolon, then end");
    }
    List<Rule> rules = new ArrayList<>();
    for (String text : matcher.group(1).split(";", -1)) {
      String[] words = text.trim().split(" ", -1);
      if (words.length == 2) {
        Optional<Operation> operation = operation(words[1]);
        if (operation.isPresent() || words[1].equals("*")) {
          rules.add(new Rule(words[0].equals("allow"), operation));
        } else if (!has(Flaw.IGNORES_BAD_WORDS)) {
          return refuse("no operation " + words[1].toLowerCase(Locale.ROOT));
        }
      }
    }
    return rules;
  }

  private static Optional<Operation> operation(String name) {
    return EnumSet.allOf(Operation.class).stream()
        .filter(one -> one.name().equals(name))
        .findFirst();
  }

  private List<Rule> refuse(String problem) {
    if (has(Flaw.OTHER_EXCEPTION_ON_SYNTAX)) {
      throw new IllegalArgumentException(problem);
    }
    throw new PolicySyntaxException(has(Flaw.NO_PROBLEMS_NAMED) ? List.of() : List.of(problem));
  }

  private static int descend(String source, int at) {
    return at < source.length() && source.charAt(at) == '[' ? 1 + descend(source, at + 1) : 0;
  }

  private boolean has(Flaw flaw) {
    return flaws.contains(flaw);
  }
}
