// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.KeyState;
import org.openekm.api.Operation;
import org.openekm.spi.InvalidConfigurationException;
import tools.jackson.databind.node.ObjectNode;

/** Checks a profile's data and makes the profile; reports all problems together. */
final class WireProfileReader {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^}]*}");
  private static final Set<String> KNOWN_PLACEHOLDERS = Set.of("{offset}", "{field}", "{rule}");
  private static final Set<String> SECTIONS =
      Set.of(
          "name",
          "description",
          "vendor",
          "operations",
          "states",
          "rules",
          "modes",
          "base64",
          "randomBytes",
          "errors",
          "limits");
  private static final Pattern TEXT = Pattern.compile("[\\x20-\\x7e]{1,200}");

  private final ProfileNode root;

  private WireProfileReader(ObjectNode tree) {
    this.root = ProfileNode.root(tree);
  }

  /**
   * Makes the profile.
   *
   * @throws InvalidConfigurationException with everything that is wrong
   */
  static WireProfile read(ObjectNode tree) {
    return new WireProfileReader(tree).read();
  }

  private WireProfile read() {
    root.allow(SECTIONS);
    String name = root.word("name");
    String vendor = root.word("vendor");
    WireRules rules = rules();
    Map<Operation, OperationProfile> operations =
        new OperationProfileReader(rules).readAll(root.object("operations"));
    Map<KeyState, String> states = states(root.object("states"));
    ModeNames modes = modes(root.object("modes"));
    Base64Decoder base64 = base64(root.object("base64"));
    ErrorTexts errors = errors();
    WireLimits limits = limits(root.object("limits"));
    root.failOnProblems();
    return new WireProfile(
        new WireProfile.Content(
            name, vendor, operations, states, rules, modes, base64, errors, limits));
  }

  private WireRules rules() {
    ProfileNode node = root.object("rules");
    node.allow(Set.of("ignoreUnknownFields", "integersAsStrings", "appendedTag", "ignoreCallerIv"));
    ProfileNode random = root.object("randomBytes");
    random.allow(Set.of("seal", "defaultLength"));
    return new WireRules(
        node.flag("ignoreUnknownFields"),
        node.flag("integersAsStrings"),
        node.flag("appendedTag"),
        node.flag("ignoreCallerIv"),
        random.flag("seal"),
        random.integer("defaultLength", 1, WireLimits.MOST_RANDOM));
  }

  private static Map<KeyState, String> states(ProfileNode node) {
    node.allow(Arrays.stream(KeyState.values()).map(Enum::name).collect(Collectors.toSet()));
    Map<KeyState, String> states = new EnumMap<>(KeyState.class);
    for (KeyState state : KeyState.values()) {
      states.put(state, node.word(state.name()));
    }
    return states;
  }

  private static ModeNames modes(ProfileNode node) {
    node.allow(Set.of("output", "accepted", "ignoreCase"));
    return new ModeNames(
        node.word("output"), new HashSet<>(node.words("accepted")), node.flag("ignoreCase"));
  }

  private static Base64Decoder base64(ProfileNode node) {
    node.allow(Set.of("missingPadding", "urlSafe"));
    return new Base64Decoder(node.flag("missingPadding"), node.flag("urlSafe"));
  }

  private static WireLimits limits(ProfileNode node) {
    node.allow(
        Set.of("maxBodyBytes", "maxPlaintextBytes", "maxAadBytes", "maxRandomBytes", "maxDepth"));
    int body = node.integer("maxBodyBytes", WireLimits.LEAST_BODY, WireLimits.MOST_BODY);
    return new WireLimits(
        body,
        node.integer("maxPlaintextBytes", 1, body),
        node.integer("maxAadBytes", 0, body),
        node.integer("maxRandomBytes", 1, WireLimits.MOST_RANDOM),
        node.integer("maxDepth", 1, WireLimits.MOST_DEPTH));
  }

  private ErrorTexts errors() {
    ProfileNode node = root.object("errors");
    Map<EkmErrorCode, String> general = errorTexts(node);
    for (EkmErrorCode code : EkmErrorCode.values()) {
      if (!node.has(code.name())) {
        node.problem(code.name(), "is missing", "give each error a text; see oci-default.json");
      }
    }
    Map<Operation, Map<EkmErrorCode, String>> special = new EnumMap<>(Operation.class);
    ProfileNode operations = root.objectOrEmpty("operations");
    for (Operation operation : Operation.values()) {
      String key = OperationProfileReader.keyOf(operation);
      special.put(operation, errorTexts(operations.objectOrEmpty(key).objectOrEmpty("errors")));
    }
    return new ErrorTexts(general, special);
  }

  private static Map<EkmErrorCode, String> errorTexts(ProfileNode node) {
    List<String> known = Arrays.stream(EkmErrorCode.values()).map(Enum::name).toList();
    node.allow(new HashSet<>(known));
    Map<EkmErrorCode, String> texts = new EnumMap<>(EkmErrorCode.class);
    node.texts()
        .forEach(
            (name, text) -> {
              requireText(node, name, text);
              if (known.contains(name)) {
                texts.put(EkmErrorCode.valueOf(name), text);
              }
            });
    return texts;
  }

  private static void requireText(ProfileNode node, String name, String text) {
    if (!text.isBlank() && !TEXT.matcher(text).matches()) {
      node.problem(name, "must be at most 200 printable ASCII characters", "shorten the text");
    }
    Matcher placeholders = PLACEHOLDER.matcher(text);
    while (placeholders.find()) {
      if (!KNOWN_PLACEHOLDERS.contains(placeholders.group())) {
        node.problem(name, "has an unknown placeholder", "use {offset}, {field} or {rule} only");
      }
    }
  }
}
