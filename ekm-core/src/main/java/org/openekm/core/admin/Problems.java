// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.spi.policy.PolicySyntaxException;

/**
 * Collects everything that is wrong with an input before any of it is refused. Used by one thread.
 */
final class Problems {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern LABEL_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
  private static final Pattern LABEL_VALUE = Pattern.compile("[^\\p{Cntrl}]{0,128}");
  private static final int MOST_LABELS = 32;
  private static final Pattern TOKEN_TEXT = Pattern.compile("[!-~]{1,512}");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final List<ConfigurationProblem> found = new ArrayList<>();

  Problems add(String field, String problem, String hint) {
    found.add(new ConfigurationProblem(field, problem, hint));
    return this;
  }

  Problems require(boolean good, String field, String problem, String hint) {
    return good ? this : add(field, problem, hint);
  }

  /**
   * Checks a name, which must not look like an id, because names and ids stand in the same places.
   */
  void name(String field, String name) {
    require(
        NAME.matcher(name).matches(),
        field,
        "must have 1 to 64 letters, digits, dots, hyphens or underscores and begin with a letter or digit",
        "choose another name");
    require(uuid(name).isEmpty(), field, "must not look like an id", "choose another name");
  }

  /** Checks an operator's own names and values. */
  void labels(String field, Map<String, String> labels) {
    require(
        labels.size() <= MOST_LABELS,
        field,
        "must be at most " + MOST_LABELS,
        "keep those that you filter by");
    labels.forEach(
        (name, value) -> {
          require(
              LABEL_NAME.matcher(name).matches(),
              field,
              "has a name that does not have 1 to 63 letters, digits, dots, hyphens, underscores or slashes, "
                  + "beginning with a letter or digit",
              "write it as in cost-center=4711");
          require(
              LABEL_VALUE.matcher(value).matches(),
              field,
              "has a value that is longer than 128 characters or holds control characters",
              "shorten it");
        });
  }

  /** Checks text that a token carries: printable and without spaces. */
  void tokenText(String field, String text) {
    require(
        TOKEN_TEXT.matcher(text).matches(),
        field,
        "must have 1 to 512 printable ASCII characters without spaces",
        "copy it from the OAuth application");
  }

  /** Returns a URL that may be fetched; absent with a problem if it is none. */
  Optional<URI> url(String field, String text) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean safe =
          "https".equals(scheme)
              || ("http".equals(scheme) && LOOPBACK.contains(String.valueOf(uri.getHost())));
      if (safe && uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      // Told below, together with the other ways in which a text is no URL for us; the text is not
      // repeated.
      add(
          field,
          "is no URL at character " + e.getIndex(),
          "give a URL such as https://idcs-1.identity.oraclecloud.com/");
      return Optional.empty();
    }
    add(
        field,
        "must be an https URL with a host, without user and fragment",
        "http is accepted on loopback only");
    return Optional.empty();
  }

  /** Checks that a policy can be read. */
  void policy(PolicyEngine engine, Optional<String> text) {
    if (text.isEmpty()) {
      return;
    }
    try {
      engine.compile(text.get());
    } catch (PolicySyntaxException e) {
      e.problems()
          .forEach(problem -> add("policy", problem, "correct the policy and set it again"));
    }
  }

  List<ConfigurationProblem> all() {
    return List.copyOf(found);
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw AdminException.invalid(found);
    }
  }

  static Optional<UUID> uuid(String text) {
    if (text.length() != 36) {
      return Optional.empty();
    }
    try {
      UUID parsed = UUID.fromString(text);
      return parsed.toString().equalsIgnoreCase(text) ? Optional.of(parsed) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
