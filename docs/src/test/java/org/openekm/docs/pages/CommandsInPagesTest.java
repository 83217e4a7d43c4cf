// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openekm.docs.structure.SourceTree;
import picocli.CommandLine.Model.CommandSpec;

/** Every {@code ekm} command that a page mentions exists, with its subcommand and its options. */
final class CommandsInPagesTest {
  private static final Pattern CODE = Pattern.compile("(?ms)^```[^\\n]*\\n(.*?)^```|`([^`\\n]+)`");
  private static final Pattern COMMAND =
      Pattern.compile("(?:^|[\\s(`;])(?:\\./)?ekm ([a-z][a-z-]*)((?: [^\\n|;)`]*)?)");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z-]+");

  /** Commands of the launcher itself and, without options in pages, of the test kit. */
  private static final Set<String> OF_OTHERS = Set.of("demo", "test", "identity-domain");

  /** Commands of the test kit that the launcher passes on. */
  private static final Set<String> OF_THE_KIT = Set.of("conformance", "load", "drill");

  @Test
  void commands_exist() throws ReflectiveOperationException {
    CommandSpec ekm =
        CommandSpec.forAnnotatedObject(Class.forName("org.openekm.server.cli.RootCommand"));
    CommandSpec kit =
        CommandSpec.forAnnotatedObject(Class.forName("org.openekm.testkit.cli.KitCommand"));
    ekm.addSubcommand(
        "hsm",
        CommandSpec.forAnnotatedObject(
            Class.forName("org.openekm.hsm.pkcs11.internal.cli.HsmCommand")));
    ekm.addSubcommand(
        "kmip",
        CommandSpec.forAnnotatedObject(
            Class.forName("org.openekm.hsm.kmip.internal.cli.KmipCommand")));
    for (String name : OF_THE_KIT) {
      ekm.addSubcommand(name, kit.subcommands().get(name));
    }
    Set<String> faults = new TreeSet<>();
    int found = 0;
    for (Path page : SourceTree.files(".md")) {
      Matcher code = CODE.matcher(SourceTree.text(page));
      while (code.find()) {
        String text = code.group(1) == null ? code.group(2) : code.group(1);
        Matcher command = COMMAND.matcher(text.replace("\\\n", " "));
        while (command.find()) {
          found++;
          check(ekm, command.group(1), command.group(2).trim())
              .ifPresent(fault -> faults.add(SourceTree.nameOf(page) + ": " + fault));
        }
      }
    }

    assertThat(found).isGreaterThan(30);
    assertThat(faults).isEmpty();
  }

  private static Optional<String> check(CommandSpec ekm, String name, String rest) {
    if (OF_OTHERS.contains(name) || name.equals("command")) {
      return Optional.empty();
    }
    if (!ekm.subcommands().containsKey(name)) {
      return Optional.of("there is no command ekm " + name);
    }
    CommandSpec spec = ekm.subcommands().get(name).getCommandSpec();
    String second = rest.split("[^a-z-]", 2)[0];
    if (!spec.subcommands().isEmpty() && !second.isEmpty() && !second.startsWith("-")) {
      if (!spec.subcommands().containsKey(second)) {
        return Optional.of("there is no command ekm " + name + " " + second);
      }
      spec = spec.subcommands().get(second).getCommandSpec();
    }
    Matcher option = OPTION.matcher(" " + rest);
    while (option.find()) {
      if (spec.findOption(option.group()) == null) {
        return Optional.of("ekm " + name + " " + second + " has no " + option.group());
      }
    }
    return Optional.empty();
  }
}
