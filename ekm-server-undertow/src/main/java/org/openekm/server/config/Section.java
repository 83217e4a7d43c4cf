// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.openekm.spi.Durations;
import org.openekm.spi.SecretReference;

/**
 * A mapping of the file with typed access. Each access also says to the reference what the setting
 * is, so reading and documentation can't drift apart. Not thread-safe.
 */
final class Section {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^{}]*}");

  private final String path;
  private final YamlNode.Mapping node;
  private final Reading reading;
  private final Set<String> known = new LinkedHashSet<>();

  Section(String path, YamlNode.Mapping node, Reading reading) {
    this.path = path;
    this.node = node;
    this.reading = reading;
    node.keys().forEach((name, place) -> reading.remember(at(name), place));
  }

  String path() {
    return path;
  }

  /** Returns true if the file has this setting. */
  boolean has(String name) {
    return node.entries().containsKey(name);
  }

  /** Returns the section below; an empty one if there is none. */
  Section section(String name) {
    known.add(name);
    YamlNode below = node.entries().get(name);
    if (below instanceof YamlNode.Mapping mapping) {
      // What is missing in it is reported where it is named, not at its first setting.
      return new Section(
          at(name), new YamlNode.Mapping(place(name), mapping.entries(), mapping.keys()), reading);
    }
    if (below != null && !isBlank(below)) {
      reading.problem(
          below.place(), at(name), "must consist of settings", "indent its settings below it");
    }
    return new Section(at(name), YamlNode.Mapping.empty(place(name)), reading);
  }

  /**
   * Returns the sections below, whose names the operator chooses. For the reference there is one
   * with this placeholder.
   */
  Map<String, Section> sections(String name, String placeholder) {
    Section all = section(name);
    Map<String, Section> sections = new LinkedHashMap<>();
    Set<String> names = reading.isDescribing() ? Set.of(placeholder) : all.node.entries().keySet();
    for (String each : names) {
      sections.put(each, all.section(each));
    }
    return sections;
  }

  /** Returns a text. */
  Optional<String> text(String name, String description) {
    describe(name, "text", "", "", description);
    return value(name);
  }

  /** Returns a text with a default. */
  String text(String name, String defaultValue, String description) {
    describe(name, "text", defaultValue, "", description);
    return value(name).orElse(defaultValue);
  }

  /** Returns a text that must be there. */
  String requiredText(String name, String hint, String description) {
    describe(name, "text", "", "required", description);
    return required(name, hint).orElse("");
  }

  /** Returns a whole number. */
  int integer(String name, int defaultValue, int min, int max, String description) {
    describe(name, "number", Integer.toString(defaultValue), min + " to " + max, description);
    String rule = "must be a whole number from " + min + " to " + max;
    return parsed(
            name,
            rule,
            text -> {
              int number = Integer.parseInt(text);
              if (number < min || number > max) {
                throw new IllegalArgumentException(rule);
              }
              return number;
            })
        .orElse(defaultValue);
  }

  /** Returns true or false. */
  boolean flag(String name, boolean defaultValue, String description) {
    describe(name, "true or false", Boolean.toString(defaultValue), "", description);
    return parsed(
            name,
            "must be true or false",
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw new IllegalArgumentException();
                })
        .orElse(defaultValue);
  }

  /** Returns a length of time. Default and range are written as in the file, such as {@code 5s}. */
  Duration duration(String name, String defaultValue, String min, String max, String description) {
    describe(name, "duration", defaultValue, min + " to " + max, description);
    String rule =
        "must be a length of time from " + min + " to " + max + ", such as " + defaultValue;
    return parsed(
            name,
            rule,
            text -> {
              Duration value = Durations.parse(text);
              if (value.compareTo(Durations.parse(min)) < 0
                  || value.compareTo(Durations.parse(max)) > 0) {
                throw new IllegalArgumentException(rule);
              }
              return value;
            })
        .orElse(Durations.parse(defaultValue));
  }

  /** Returns the constant of an enum, written in lower case with hyphens. */
  <E extends Enum<E>> E choice(String name, E defaultValue, String description) {
    List<E> constants = List.of(defaultValue.getDeclaringClass().getEnumConstants());
    String names = String.join(", ", constants.stream().map(Section::spelled).toList());
    describe(name, "one of", spelled(defaultValue), names, description);
    return parsed(
            name,
            "must be one of " + names,
            text ->
                constants.stream()
                    .filter(each -> spelled(each).equals(text))
                    .findFirst()
                    .orElseThrow(IllegalArgumentException::new))
        .orElse(defaultValue);
  }

  /** Returns the path of a file that must be readable if it is named. */
  Optional<Path> file(String name, String description) {
    describe(name, "file", "", "", description);
    Optional<Path> file = value(name).map(reading.references()::path);
    file.filter(each -> !java.nio.file.Files.isReadable(each))
        .ifPresent(
            each ->
                problem(
                    name,
                    "names the file " + each + ", which can't be read",
                    "check the path and that the server's user may read it"));
    return file;
  }

  /** Returns the paths of files that must be readable. */
  List<Path> files(String name, String description) {
    List<Path> files =
        list(name, List.of(), description).stream().map(reading.references()::path).toList();
    files.stream()
        .filter(each -> !java.nio.file.Files.isReadable(each))
        .forEach(
            each ->
                problem(
                    name,
                    "names the file " + each + ", which can't be read",
                    "check the path and that the server's user may read it"));
    return files;
  }

  /** Returns where a secret is. */
  Optional<SecretReference> secret(String name, String description) {
    describe(name, "secret reference", "", "${file:PATH} or ${env:NAME}", description);
    return raw(name)
        .flatMap(
            text -> {
              try {
                return Optional.of(SecretReference.parse(reading.references().withFolder(text)));
              } catch (IllegalArgumentException e) {
                problem(
                    name,
                    "must be ${file:PATH} or ${env:NAME}, not the secret itself",
                    "put the secret into a file that only the server's user can read");
                return Optional.empty();
              }
            });
  }

  /**
   * Returns a text exactly as it is written, over several lines if need be; a reference alone
   * stands for what it names.
   */
  Optional<String> verbatim(String name, String description) {
    describe(name, "text", "", "", description);
    return scalar(name)
        .flatMap(
            scalar ->
                REFERENCE.matcher(scalar.text().strip()).matches()
                    ? resolved(name, scalar)
                    : Optional.of(scalar.text()));
  }

  /** Says that there are these settings, which were only asked for if they are there. */
  void known(String... names) {
    known.addAll(List.of(names));
  }

  /** Returns a list of texts; the default if there is none. */
  List<String> list(String name, List<String> defaultValue, String description) {
    describe(name, "list of texts", String.join(", ", defaultValue), "", description);
    YamlNode found = node.entries().get(name);
    if (found == null || isBlank(found)) {
      return defaultValue;
    }
    if (!(found instanceof YamlNode.Sequence sequence)) {
      problem(name, "must be a list", "write one element per line, each after a hyphen");
      return defaultValue;
    }
    List<String> texts = new ArrayList<>();
    for (YamlNode each : sequence.elements()) {
      if (each instanceof YamlNode.Scalar scalar) {
        texts.add(resolved(name, scalar).orElse(""));
      } else {
        reading.problem(
            each.place(), at(name), "must hold plain texts", "write one text per element");
      }
    }
    return texts;
  }

  /** Returns all settings that nobody asked for, flat under dotted keys: they are a provider's. */
  Map<String, String> rest(String description) {
    describe("*", "settings of the type", "", "", description);
    Map<String, String> flat = new LinkedHashMap<>();
    node.entries()
        .forEach(
            (name, value) -> {
              if (!known.contains(name)) {
                flatten(name, value, flat);
              }
            });
    known.addAll(node.entries().keySet());
    return flat;
  }

  /** Adds a problem of a setting, or of the section if it isn't there. */
  void problem(String name, String problem, String hint) {
    reading.problem(place(name), at(name), problem, hint);
  }

  /** Reports settings that nobody asked for. */
  void finish() {
    node.keys()
        .forEach(
            (name, place) -> {
              if (!known.contains(name)) {
                reading.problem(place, at(name), "is not a known setting", hint(name));
              }
            });
  }

  private String hint(String name) {
    return Spelling.closest(name, known)
        .map(closest -> "did you mean " + closest + "?")
        .orElse("remove it; known here are " + String.join(", ", known));
  }

  private void flatten(String name, YamlNode value, Map<String, String> flat) {
    reading.remember(at(name), value.place());
    if (value instanceof YamlNode.Scalar scalar) {
      flat.put(name, reading.references().withFolder(scalar.text()));
    } else if (value instanceof YamlNode.Sequence sequence) {
      for (int i = 0; i < sequence.elements().size(); i++) {
        flatten(name + "." + i, sequence.elements().get(i), flat);
      }
    } else if (value instanceof YamlNode.Mapping mapping) {
      mapping.entries().forEach((below, each) -> flatten(name + "." + below, each, flat));
    }
  }

  private <T> Optional<T> parsed(String name, String rule, Function<String, T> parser) {
    return value(name)
        .flatMap(
            text -> {
              try {
                return Optional.of(parser.apply(text));
              } catch (IllegalArgumentException e) {
                problem(name, rule, "correct the value or remove it to use the default");
                return Optional.empty();
              }
            });
  }

  private Optional<String> required(String name, String hint) {
    Optional<String> value = value(name);
    YamlNode found = node.entries().get(name);
    if (found == null || isBlank(found)) {
      problem(name, "is missing", hint);
    }
    return value;
  }

  private Optional<String> value(String name) {
    return scalar(name).flatMap(scalar -> resolved(name, scalar));
  }

  private Optional<String> raw(String name) {
    return scalar(name).map(YamlNode.Scalar::text);
  }

  private Optional<YamlNode.Scalar> scalar(String name) {
    YamlNode found = node.entries().get(name);
    if (found instanceof YamlNode.Scalar scalar) {
      return scalar.text().isBlank() ? Optional.empty() : Optional.of(scalar);
    }
    if (found != null) {
      problem(name, "must be a single value", "write the value on the same line");
    }
    return Optional.empty();
  }

  private Optional<String> resolved(String name, YamlNode.Scalar scalar) {
    try {
      return Optional.of(reading.references().resolve(scalar.text()).trim());
    } catch (IllegalArgumentException e) {
      reading.problem(
          scalar.place(),
          at(name),
          String.valueOf(e.getMessage()),
          "set it, or write the value here");
      return Optional.empty();
    }
  }

  private void describe(
      String name, String type, String defaultValue, String range, String description) {
    known.add(name);
    reading.describe(new ConfigKey(at(name), type, defaultValue, range, description));
  }

  private YamlNode.Place place(String name) {
    YamlNode.Place own = node.keys().get(name);
    return own == null ? node.place() : own;
  }

  private String at(String name) {
    return Problems.join(path, name);
  }

  private static boolean isBlank(YamlNode value) {
    return value instanceof YamlNode.Scalar scalar && scalar.text().isBlank();
  }

  private static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
