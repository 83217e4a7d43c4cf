// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openekm.core.admin.ChangeGuard;
import org.openekm.core.admin.ChangeGuard.Subject;
import org.openekm.core.admin.EntityTag;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;

/**
 * On what conditions a caller wants its request to be carried out.
 *
 * @param ifMatch what stands in {@code If-Match}
 * @param repeatKey what stands in {@code Idempotency-Key}
 */
record Conditions(Optional<String> ifMatch, Optional<String> repeatKey) {

  private static final String IF_MATCH = "If-Match";
  private static final String REPEAT_KEY = "Idempotency-Key";
  private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e]*)\"");
  private static final Pattern TAGS =
      Pattern.compile("\\*|" + TAG.pattern() + "(?:\\s*,\\s*" + TAG.pattern() + ")*");
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final Map<String, Subject> SUBJECTS =
      Map.of(
          "issuers",
          Subject.ISSUER,
          "tenancies",
          Subject.TENANCY,
          "vaults",
          Subject.VAULT,
          "administrators",
          Subject.ADMINISTRATOR);

  /**
   * Reads the headers of a request.
   *
   * @throws InvalidConfigurationException if one has not the form that it must have
   */
  static Conditions of(HeaderMap headers) {
    Conditions given =
        new Conditions(
            Optional.ofNullable(headers.get(Headers.IF_MATCH))
                .map(lines -> String.join(", ", lines)),
            Optional.ofNullable(headers.get(HttpString.tryFromString(REPEAT_KEY)))
                .map(lines -> String.join(", ", lines)));
    if (given.ifMatch.filter(text -> !TAGS.matcher(text.strip()).matches()).isPresent()) {
      throw wrong(IF_MATCH, "must be * or tags in quotation marks", "send the ETag as it came");
    }
    if (given.repeatKey.filter(text -> !KEY.matcher(text).matches()).isPresent()) {
      throw wrong(
          REPEAT_KEY, "must have 1 to 255 printable ASCII characters", "send a UUID, for one");
    }
    return given;
  }

  /**
   * Returns what sees to the condition while the request is carried out.
   *
   * @param path the names in the request's path
   * @throws InvalidConfigurationException if nothing at this path has a tag
   */
  ChangeGuard guard(Map<String, String> path) {
    if (ifMatch.isEmpty()) {
      return ChangeGuard.open();
    }
    Subject subject;
    String name;
    if (path.containsKey("key")) {
      subject = Subject.KEY;
      name = path.getOrDefault("key", "");
    } else if (path.containsKey("vault")) {
      String below = path.get("name");
      subject = below == null ? Subject.VAULT : Subject.KEY;
      name = path.get("vault") + (below == null ? "" : "/" + below);
    } else if (path.containsKey("issuer")) {
      subject = Subject.ISSUER;
      name = path.getOrDefault("issuer", "");
    } else if (path.containsKey("tenancy")) {
      subject = Subject.TENANCY;
      name = path.getOrDefault("tenancy", "");
    } else if (path.containsKey("administrator")) {
      subject = Subject.ADMINISTRATOR;
      name = path.getOrDefault("administrator", "");
    } else {
      throw wrong(IF_MATCH, "has nothing at this path to apply to", "leave it out");
    }
    // A star asks for no more than that it is there, which every use case looks at itself.
    return ifMatch.get().strip().equals("*")
        ? ChangeGuard.open()
        : ChangeGuard.ifUnchanged(subject, name, tags(ifMatch.get()));
  }

  /** Returns the tag of what an answer shows; absent if it is not one thing that has a tag. */
  static Optional<EntityTag> tag(ChangeGuard guard, List<String> route, Object answer) {
    if (!(answer instanceof Map<?, ?> shown)) {
      return Optional.empty();
    }
    if (shown.get("externalKeyId") instanceof String key) {
      return guard.tag(Subject.KEY, key);
    }
    @Nullable Subject subject = SUBJECTS.get(route.get(0));
    return subject != null && shown.get("id") instanceof String id
        ? guard.tag(subject, id)
        : Optional.empty();
  }

  private static Set<EntityTag> tags(String text) {
    Set<EntityTag> tags = new HashSet<>();
    Matcher matcher = TAG.matcher(text);
    while (matcher.find()) {
      // A weak tag says that only something like it was seen, which is not enough to change it.
      if (matcher.group(1) == null) {
        tags.add(new EntityTag(matcher.group(2)));
      }
    }
    return tags;
  }

  private static InvalidConfigurationException wrong(String header, String problem, String hint) {
    return new InvalidConfigurationException(
        List.of(new ConfigurationProblem(header, problem, hint)));
  }
}
