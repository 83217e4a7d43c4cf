// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openekm.api.Operation;
import org.openekm.spi.policy.Decision;
import tools.jackson.databind.JsonNode;

/** Reads one rule of a policy. */
final class RuleReader {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):([0-5][0-9])|24:00");
  private static final Map<String, Operation> OPERATIONS = operations();
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private final String path;
  private final JsonNode node;
  private final List<String> problems;

  RuleReader(String path, JsonNode node, List<String> problems) {
    this.path = path;
    this.node = node;
    this.problems = problems;
  }

  /** Returns the rule; if a problem was noted, something that is not used. */
  PolicyRule read(Set<String> namesSoFar) {
    NodeReader members = new NodeReader(path, node, problems);
    if (!node.isObject()) {
      problems.add(path + ": must be a JSON object with name and effect");
      return new PolicyRule(
          Decision.deny("unreadable"), Set.of(), Set.of(), Set.of(), List.of(), List.of());
    }
    String name = name(members, namesSoFar);
    boolean allow = allow(members);
    Set<Operation> operations =
        new HashSet<>(members.parsedTexts("operations", RuleReader::operation));
    Set<String> clientIds = new HashSet<>(members.parsedTexts("clientIds", text -> text));
    Set<String> scopes = new HashSet<>(members.parsedTexts("scopes", text -> text));
    List<AddressRange> sources = members.parsedTexts("sources", AddressRange::parse);
    List<TimeWindow> times = times(members);
    members.refuseOtherMembers();
    Decision decision = new Decision(allow, name);
    return new PolicyRule(decision, operations, clientIds, scopes, sources, times);
  }

  private static String name(NodeReader members, Set<String> namesSoFar) {
    Optional<String> name = members.text("name");
    if (name.isEmpty() || !NAME.matcher(name.get()).matches()) {
      members.problem(
          "name",
          "must have 1 to 64 letters, digits, dots, hyphens or underscores; it stands in the audit");
      return "unnamed";
    }
    if ("default".equals(name.get())) {
      members.problem(
          "name", "must not be default, which stands for \"no rule matched\"; choose another name");
    }
    if (!namesSoFar.add(name.get())) {
      members.problem("name", "must be unique in the policy; choose another name");
    }
    return name.get();
  }

  private static boolean allow(NodeReader members) {
    Optional<String> effect = members.text("effect");
    if (effect.isEmpty() || !Set.of("allow", "deny").contains(effect.get())) {
      members.problem("effect", "must be allow or deny");
      return false;
    }
    return "allow".equals(effect.get());
  }

  private List<TimeWindow> times(NodeReader members) {
    List<JsonNode> nodes = members.optionalArray("times");
    List<TimeWindow> windows = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      String place = members.at("times[" + i + "]");
      if (nodes.get(i).isObject()) {
        windows.add(window(new NodeReader(place, nodes.get(i), problems)));
      } else {
        problems.add(place + ": must be a JSON object with days, from, to and zone");
      }
    }
    return windows;
  }

  private static TimeWindow window(NodeReader members) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    days.addAll(members.parsedTexts("days", RuleReader::day));
    int from = second(members, "from", 0);
    int end = second(members, "to", TimeWindow.DAY_SECONDS);
    int to = end == 0 ? TimeWindow.DAY_SECONDS : end;
    ZoneId zone = zone(members);
    members.refuseOtherMembers();
    if (from == to || from == TimeWindow.DAY_SECONDS) {
      members.problem(
          "from", "must differ from to and be before 24:00; leave both out for all day");
    }
    return new TimeWindow(days, from, to, zone);
  }

  private static int second(NodeReader members, String member, int absent) {
    Optional<String> text = members.text(member);
    if (text.isEmpty()) {
      return absent;
    }
    Matcher matcher = TIME.matcher(text.get());
    if (!matcher.matches()) {
      members.problem(member, "must be a time of day from 00:00 to 24:00, with two digits each");
      return absent;
    }
    return matcher.group(1) == null
        ? TimeWindow.DAY_SECONDS
        : Integer.parseInt(matcher.group(1)) * 3600 + Integer.parseInt(matcher.group(2)) * 60;
  }

  private static ZoneId zone(NodeReader members) {
    Optional<String> text = members.text("zone");
    try {
      return text.isEmpty() ? ZoneOffset.UTC : ZoneId.of(text.get());
    } catch (DateTimeException e) {
      members.problem("zone", "must be a time zone such as Europe/Zurich, UTC or +02:00");
      return ZoneOffset.UTC;
    }
  }

  private static DayOfWeek day(String text) {
    int index = DAYS.indexOf(text.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new IllegalArgumentException("must be one of " + String.join(", ", DAYS));
    }
    return DayOfWeek.of(index + 1);
  }

  private static Operation operation(String text) {
    Operation operation = OPERATIONS.get(text);
    if (operation == null) {
      throw new IllegalArgumentException(
          "must be one of " + String.join(", ", OPERATIONS.keySet()));
    }
    return operation;
  }

  private static Map<String, Operation> operations() {
    Map<String, Operation> named = new TreeMap<>();
    for (Operation operation : Operation.values()) {
      named.put(operation.name().toLowerCase(Locale.ROOT).replace('_', '-'), operation);
    }
    return Collections.unmodifiableMap(named);
  }
}
