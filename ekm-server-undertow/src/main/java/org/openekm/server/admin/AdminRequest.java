// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openekm.api.Bytes;
import org.openekm.core.admin.AdminContext;
import org.openekm.core.admin.Approval;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.Durations;
import org.openekm.spi.InvalidConfigurationException;
import tools.jackson.databind.JsonNode;

/**
 * One management request: who asks, the names in the path and the fields of the body. Reading a
 * field that is wrong notes a problem and goes on, so that {@link #finish()} can report all of
 * them. Used by one thread.
 */
final class AdminRequest {

  private final AdminContext context;
  private final Map<String, String> path;
  private final QueryParameters query;
  private final JsonNode body;
  private final Set<String> unread = new TreeSet<>();
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  AdminRequest(
      AdminContext context, Map<String, String> path, QueryParameters query, JsonNode body) {
    this.context = context;
    this.path = path;
    this.query = query;
    this.body = body;
    body.propertyNames().forEach(unread::add);
  }

  AdminContext context() {
    return context;
  }

  /** Returns who asks, together with what the body says that others have signed. */
  AdminContext approvedContext() {
    Optional<String> request = optionalText("approvalRequest");
    List<Bytes> signatures = new ArrayList<>();
    for (String text : texts("approvalSignatures")) {
      try {
        signatures.add(Bytes.adopt(Base64.getDecoder().decode(text)));
      } catch (IllegalArgumentException e) {
        problem("approvalSignatures", "holds something that is not base64", "give them as signed");
      }
    }
    if (request.isEmpty() && !signatures.isEmpty()) {
      problem("approvalRequest", "is missing", "give the text that was signed");
    }
    return request
        .map(text -> context.withApproval(new Approval(text, signatures)))
        .orElse(context);
  }

  /** Returns a length of time such as {@code 7d}; the default if there is none. */
  Duration duration(String field, String defaultValue, String example) {
    try {
      return Durations.parse(optionalText(field).orElse(defaultValue));
    } catch (IllegalArgumentException e) {
      problem(field, "is not a length of time", "write it as in " + example);
      return Duration.ZERO;
    }
  }

  /** Returns the text at a named place of the path. */
  String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no place named " + name);
    }
    return value;
  }

  /** Returns all names in the path. */
  Map<String, String> path() {
    return path;
  }

  QueryParameters query() {
    return query;
  }

  /** Returns a text that is the same for the same route, names and body. */
  String fingerprint(AdminRoute route) {
    return String.join("/", route.segments()) + new TreeMap<>(path) + body;
  }

  /** Returns true if the route has the place. */
  boolean has(String name) {
    return path.containsKey(name);
  }

  /** Returns names and values; empty if the field is not there. */
  Map<String, String> labels(String field) {
    JsonNode value = read(field);
    Map<String, String> labels = new HashMap<>();
    if (value.isMissingNode() || value.isNull()) {
      return labels;
    }
    if (!value.isObject() || !value.valueStream().allMatch(JsonNode::isString)) {
      problem(field, "must be an object of texts", "write it as in {\"team\": \"payments\"}");
      return labels;
    }
    value.properties().forEach(each -> labels.put(each.getKey(), each.getValue().asString()));
    return labels;
  }

  /** Returns a length of time; absent if the field is not there. */
  Optional<Duration> duration(String field) {
    try {
      return optionalText(field).map(Durations::parse);
    } catch (IllegalArgumentException e) {
      problem(field, "is not a length of time", "write it as in 7d or 720h");
      return Optional.empty();
    }
  }

  /** Returns a length of time that may not be left out. */
  Duration requiredDuration(String field) {
    Optional<Duration> given = duration(field);
    if (given.isEmpty()) {
      problem(field, "is missing", "give a length of time such as 7d or 720h");
    }
    return given.orElse(Duration.ZERO);
  }

  String text(String field) {
    Optional<String> value = optionalText(field);
    if (value.isEmpty()) {
      problem(field, "is missing", "give it as a text");
    }
    return value.orElse("");
  }

  Optional<String> optionalText(String field) {
    JsonNode value = read(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString() || value.asString().isBlank()) {
      problem(field, "must be a text", "put it in quotation marks and don't leave it empty");
      return Optional.empty();
    }
    return Optional.of(value.asString());
  }

  List<String> texts(String field) {
    JsonNode value = read(field);
    List<String> texts = new ArrayList<>();
    if (value.isMissingNode() || value.isNull()) {
      return texts;
    }
    if (!value.isArray()) {
      problem(field, "must be a list of texts", "put it in square brackets");
      return texts;
    }
    for (JsonNode element : value) {
      if (element.isString()) {
        texts.add(element.asString());
      } else {
        problem(field, "must hold texts only", "put each element in quotation marks");
      }
    }
    return texts;
  }

  int integer(String field, int defaultValue) {
    JsonNode value = read(field);
    if (value.isMissingNode() || value.isNull()) {
      return defaultValue;
    }
    if (!value.isInt()) {
      problem(field, "must be a whole number", "write it in digits, without quotation marks");
      return defaultValue;
    }
    return value.asInt();
  }

  boolean flag(String field) {
    if (!body.has(field)) {
      problem(field, "is missing", "give true or false");
    }
    return flag(field, false);
  }

  boolean flag(String field, boolean defaultValue) {
    JsonNode value = read(field);
    if (value.isMissingNode() || value.isNull()) {
      return defaultValue;
    }
    if (!value.isBoolean()) {
      problem(field, "must be true or false", "write it without quotation marks");
      return defaultValue;
    }
    return value.asBoolean();
  }

  void problem(String field, String problem, String hint) {
    problems.add(new ConfigurationProblem(field, problem, hint));
  }

  /**
   * Ends the reading of the body.
   *
   * @throws InvalidConfigurationException with every problem, among them fields that the operation
   *     doesn't know
   */
  void finish() {
    unread.forEach(
        field -> problem(field, "is not a known field", "remove it or correct its name"));
    unread.clear();
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  private JsonNode read(String field) {
    unread.remove(field);
    return body.path(field);
  }
}
