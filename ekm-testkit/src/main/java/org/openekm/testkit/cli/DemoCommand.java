// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openekm.testkit.oci.TokenUnavailableException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the whole story on this machine. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the whole story on this machine: starts a server and a fake OCI identity domain as",
      "processes of their own, then sets up a vault and a key and uses, blocks, unblocks and rotates",
      "the key as OCI would. Prints what OCI sees of each step. Needs no set-up and leaves nothing behind."
    },
    footer = {
      "",
      "Exit code: 0 every step came out as it should, 1 one did not, 2 the command was wrong.",
      "",
      "Example:",
      "  ekm demo",
      "  ekm demo --backend pkcs11",
      "  ekm demo --backend kmip",
      "  ekm demo --output json --keep"
    })
final class DemoCommand implements Callable<Integer> {

  enum Output {
    TEXT,
    JSON
  }

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  private Output output = Output.TEXT;

  @Option(
      names = "--keep",
      description =
          "Keeps the folder with configuration, keys, audit and logs, and says where it is.")
  private boolean keep;

  @Option(
      names = "--backend",
      paramLabel = "KIND",
      defaultValue = "software",
      description =
          "software for keys in a file, pkcs11 for keys in a token of SoftHSM, kmip for keys in a PyKMIP"
              + " server; the last two must be installed. Default: software.")
  private DemoBackend backend = DemoBackend.SOFTWARE;

  @Mixin private ServerJarOption serverJar = new ServerJarOption();

  @Override
  public Integer call() throws IOException {
    Path jar = serverJar.require(command());
    DemoReport report = report();
    Path folder = Files.createTempDirectory("ekm-demo-");
    try {
      return run(folder, jar, report) ? 0 : 1;
    } finally {
      if (!keep) {
        delete(folder);
      }
    }
  }

  private DemoReport report() {
    PrintWriter out = command().commandLine().getOut();
    return output == Output.JSON ? new DemoJsonReport(out) : new DemoTextReport(out);
  }

  private boolean run(Path folder, Path jar, DemoReport report) {
    long start = System.nanoTime();
    DemoSteps steps = new DemoSteps(report::step);
    report.begin();
    Optional<DemoStory.Outcome> outcome = Optional.empty();
    String failure = "";
    try (DemoStage stage = new DemoStage(folder, jar, backend)) {
      try {
        outcome = Optional.of(new DemoStory(stage, steps).tell());
      } catch (DemoFailedException e) {
        failure = e.reason();
      } catch (TokenUnavailableException e) {
        failure = "OCI got no token: " + e.reason() + stage.serverLogTail();
      }
      if (failure.isEmpty() && !steps.allOk()) {
        failure = "A step did not come out as it should." + stage.serverLogTail();
      }
    }
    List<DemoStep> all = steps.all();
    long millis = (System.nanoTime() - start) / 1_000_000;
    Optional<Path> kept = keep ? Optional.of(folder) : Optional.empty();
    report.end(new DemoReport.Summary(failure, outcome, all, millis, kept));
    return failure.isEmpty();
  }

  private CommandSpec command() {
    return Objects.requireNonNull(spec, "set by the command line library");
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
