// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
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

/** Makes a key in a token. */
@Command(
    name = "keygen",
    mixinStandardHelpOptions = true,
    description = {
      "Makes an AES-256 key in a token that can't be extracted, tries it, and prints its id.",
      "A server takes it over with: ekm key adopt NAME --vault VAULT --ref ID"
    },
    footer = {
      "",
      "Example:",
      "  ekm hsm keygen --module /usr/lib/softhsm/libsofthsm2.so --token ekm --pin-file ./pin --label bucket-key"
    })
final class KeygenCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;
  @Mixin private TokenOptions token = new TokenOptions();

  @Option(
      names = "--label",
      required = true,
      paramLabel = "TEXT",
      description = "A name for people.")
  private String label = "";

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
      String id = inspector.generate(label);
      out.println(output == Output.JSON ? JsonText.of(Map.of("id", id, "label", label)) : id);
      out.flush();
    }
    return 0;
  }
}
