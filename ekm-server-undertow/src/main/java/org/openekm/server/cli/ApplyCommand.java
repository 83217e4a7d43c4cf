// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openekm.server.cli.SetupChange.Call;
import org.openekm.server.config.LoadedSetup;
import org.openekm.server.config.SetupLoader;
import org.openekm.spi.ConfigurationProblem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the running server have what a file says. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the running server have the issuers, tenancies, vaults and keys of a file.",
      "Shows first what it would do: + is added, ~ is changed, = is as it should be, ! differs and is left to you.",
      "Adds, changes policies, labels and rotation, blocks and disables; never removes, destroys, unblocks or enables",
      "anything, and leaves alone what the file doesn't name and all administrators, whose grants it only compares.",
      "Every mistake in the file is told at once, each with its line."
    },
    footer = {"", "Example:", "  ekm apply -f vaults.yaml --dry-run"})
final class ApplyCommand implements Callable<Integer> {

  @Spec @Nullable CommandSpec spec;

  @Mixin @Nullable AdminConnection server;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The file; ekm export writes such a one.")
  Path file = Path.of("");

  @Option(names = "--dry-run", description = "Shows what would be done, and does nothing.")
  boolean dryRun;

  @Option(names = "--yes", description = "Doesn't ask.")
  boolean yes;

  @Override
  public Integer call() throws IOException {
    AdminConnection connection = requireNonNull(server);
    LoadedSetup setup = new SetupLoader().load(file);
    ServerState state = ServerState.read(connection);
    SetupChecks.run(setup, state);
    List<SetupChange> changes = SetupPlan.of(setup, state, connection.client());
    setup.raise();
    SetupReport report = new SetupReport(out(), connection.output, changes);
    boolean nothing = changes.stream().allMatch(change -> change.calls().isEmpty());
    if (nothing || dryRun) {
      report.print(false);
      return 0;
    }
    if (!yes) {
      agree(connection.output, report);
    }
    make(setup, changes, connection.client());
    report.print(true);
    return 0;
  }

  private void agree(AdminConnection.Output form, SetupReport report) throws IOException {
    if (form == AdminConnection.Output.json) {
      throw new CommandFailedException(
          "Nothing was changed: with --output json say --yes, or --dry-run to look.", null);
    }
    report.show();
    if (!agreed()) {
      throw new CommandFailedException("Nothing was changed.", null);
    }
  }

  private boolean agreed() throws IOException {
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    err.print("Do this? Type yes: ");
    err.flush();
    String typed =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
    return typed != null && typed.strip().equals("yes");
  }

  private static void make(LoadedSetup setup, List<SetupChange> changes, AdminClient client) {
    int done = 0;
    for (SetupChange change : changes) {
      Optional<String> tag = change.tag();
      for (Call call : change.calls()) {
        try {
          tag = client.exchange(call.method(), call.path(), call.body(), tag).tag();
        } catch (CommandFailedException e) {
          throw failed(setup, change, done, e);
        }
      }
      done += change.calls().isEmpty() ? 0 : 1;
    }
  }

  /** Points at the line, if the server has named a field. */
  private static RuntimeException failed(
      LoadedSetup setup, SetupChange change, int done, CommandFailedException refusal) {
    for (ConfigurationProblem problem : refusal.problems()) {
      String field = SetupFields.spelled(problem.field());
      setup.problem(
          new ConfigurationProblem(
              field.isEmpty() ? change.path() : change.path() + "." + field,
              problem.problem(),
              problem.hint()
                  + "; "
                  + done
                  + " change(s) before this one were made, apply again for the rest"));
    }
    setup.raise();
    return new CommandFailedException(
        change.kind()
            + " "
            + change.name()
            + ": "
            + refusal.getMessage()
            + System.lineSeparator()
            + done
            + " change(s) before this one were made; apply again for the rest.",
        refusal);
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }
}
