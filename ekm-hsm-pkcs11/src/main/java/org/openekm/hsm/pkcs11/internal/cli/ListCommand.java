// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openekm.hsm.pkcs11.internal.setup.TokenBackends;
import org.openekm.hsm.pkcs11.internal.token.TokenInspector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the AES keys of a token. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the AES keys of a token, and why one would not be used.",
    footer = {
      "",
      "Example:",
      "  ekm hsm list --module /usr/lib/softhsm/libsofthsm2.so --token ekm --pin-file ./pin"
    })
final class ListCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;
  @Mixin private TokenOptions token = new TokenOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  private Output output = Output.TEXT;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    try (TokenInspector inspector = TokenBackends.inspector(token.context())) {
      List<TokenInspector.Key> keys = inspector.keys();
      if (output == Output.JSON) {
        out.println(JsonText.of(Map.of("items", keys.stream().map(ListCommand::json).toList())));
      } else if (keys.isEmpty()) {
        out.println("none");
      } else {
        keys.forEach(key -> out.println(line(key)));
      }
      out.flush();
    }
    return 0;
  }

  private static Map<String, Object> json(TokenInspector.Key key) {
    return Map.of(
        "id", key.id(),
        "label", key.label(),
        "bits", key.lengthBytes() * 8,
        "problem", key.problem().orElse(""));
  }

  private static String line(TokenInspector.Key key) {
    String state = key.problem().map(problem -> "NOT USABLE: " + problem).orElse("usable");
    return (key.id().isEmpty() ? "(no id)" : key.id())
        + "  "
        + key.lengthBytes() * 8
        + " bits  "
        + state
        + "  '"
        + key.label()
        + "'";
  }
}
