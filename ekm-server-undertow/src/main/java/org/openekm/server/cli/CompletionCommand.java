// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Prints what makes a shell complete the commands. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a script that makes the shell complete commands and options at the tab key.",
      "Put this into ~/.bashrc or ~/.zshrc:  source <(ekm completion bash)"
    },
    footer = {"", "Example:", "  ekm completion bash"})
final class CompletionCommand implements Callable<Integer> {

  enum Shell {
    bash,
    zsh
  }

  @Spec @Nullable CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  Shell shell = Shell.bash;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  AdminConnection.Output output = AdminConnection.Output.text;

  @Override
  public Integer call() {
    CommandSpec own = requireNonNull(spec);
    String script = AutoComplete.bash("ekm", own.root().commandLine());
    if (shell == Shell.zsh) {
      // What bash understands, zsh does after this, wherever the script is sourced.
      script =
          "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n"
              + script;
    }
    PrintWriter out = own.commandLine().getOut();
    out.println(
        output == AdminConnection.Output.json
            ? JsonMapper.shared().writeValueAsString(Map.of("shell", shell, "script", script))
            : script);
    out.flush();
    return 0;
  }
}
