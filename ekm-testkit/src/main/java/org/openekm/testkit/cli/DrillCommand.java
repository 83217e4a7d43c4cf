// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openekm.testkit.drill.Drill;
import org.openekm.testkit.drill.DrillPlan;
import org.openekm.testkit.drill.DrillResult;
import org.openekm.testkit.drill.StoreDrill;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Drills the kill switch. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Drills the kill switch: starts servers of our own and, for several, one PostgreSQL that they",
      "share; blocks, unblocks and rotates keys again and again under load; cuts nodes off from the",
      "database; and fails if any node ever serves a key after its block was acknowledged.",
      "Needs no set-up. PostgreSQL comes with the kit, for Linux on x86-64."
    },
    footer = {
      "",
      "Exit code: 0 everything held, 1 something did not, 2 the command was wrong.",
      "",
      "Example:",
      "  ekm drill --nodes 3 --seconds 60",
      "  ekm drill --nodes 1 --seconds 60",
      "  ekm drill --nodes 3 --store-faults --seconds 60",
      "  ekm drill --report out/ --sign-with auditor.pem"
    })
final class DrillCommand implements Callable<Integer> {

  private static final int KEYS = 3;
  private static final int MOST_NODES = 9;

  enum Output {
    TEXT,
    JSON
  }

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "How many servers, 1 to 9: one has a SQLite file, several share a PostgreSQL. Default: 3.")
  private int nodes;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long, 5 to 86400. Default: 60.")
  private int seconds;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Adds N keys that nobody uses, and measures the start of a node with them. Default: 0.")
  private int unusedKeys;

  @Option(
      names = "--store-faults",
      description = {
        "Instead of cutting nodes off, stops the database for --seconds, restarts it, kills it, makes it slow,",
        "and fails if a change is lost or a node is not back within 2 s of the database."
      })
  private boolean storeFaults;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  private Output output = Output.TEXT;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Also writes drill.txt and drill.json there.")
  private @Nullable Path report;

  @Option(
      names = "--sign-with",
      paramLabel = "FILE",
      description =
          "Signs the report with this Ed25519 key (PKCS#8, PEM) into drill.json.sig; needs --report.")
  private @Nullable Path signingKey;

  @Mixin private ServerJarOption serverJar = new ServerJarOption();

  @Override
  public Integer call() throws IOException {
    check();
    DrillReport reporter = new DrillReport(report, signingKey);
    Path folder = Files.createTempDirectory("ekm-drill-");
    try {
      DrillResult result = run(folder, serverJar.require(command()));
      print(reporter.write(result), result);
      return result.passed() ? 0 : 1;
    } catch (DemoFailedException | IllegalStateException e) {
      err().println("RESULT FAIL the drill could not be carried out: " + e.getMessage());
      err().flush();
      return 1;
    } finally {
      DemoCommand.delete(folder);
    }
  }

  private void check() {
    if (nodes < 1 || nodes > MOST_NODES) {
      throw wrong("--nodes must be 1 to " + MOST_NODES + ", is " + nodes);
    }
    if (seconds < 5 || seconds > 86_400) {
      throw wrong("--seconds must be 5 to 86400, is " + seconds);
    }
    if (storeFaults && nodes == 1) {
      throw wrong("--store-faults needs at least two nodes: a single one has its store in a file");
    }
    if (unusedKeys < 0 || (unusedKeys > 0 && nodes == 1)) {
      throw wrong("--keys must be 0 or more, and needs at least two nodes");
    }
    if (signingKey != null && report == null) {
      throw wrong("--sign-with needs --report: there is nothing to sign");
    }
  }

  private DrillResult run(Path folder, Path jar) {
    Duration length = Duration.ofSeconds(seconds);
    DrillPlan plan = nodes == 1 ? DrillPlan.single(length) : DrillPlan.several(length);
    try (DrillCluster cluster = DrillCluster.start(folder, jar, nodes, KEYS, this::say)) {
      if (storeFaults) {
        return new StoreDrill(
                cluster.nodes(),
                cluster.keys(),
                cluster.database().orElseThrow(),
                length,
                this::say)
            .run();
      }
      Optional<Duration> start =
          unusedKeys > 0 ? Optional.of(cluster.crowd(unusedKeys)) : Optional.empty();
      say(
          "drilling for "
              + seconds
              + " s, after "
              + DrillPlan.WARM_UP.toSeconds()
              + " s of warm-up");
      Duration before = cluster.cpu();
      DrillResult result = new Drill(cluster.nodes(), cluster.keys(), plan, this::say).run();
      return result.with(cluster.cpu().minus(before), start);
    }
  }

  private void print(Map<String, String> written, DrillResult result) {
    PrintWriter out = command().commandLine().getOut();
    out.print(written.get(output == Output.JSON ? DrillReport.JSON : DrillReport.TEXT));
    if (output == Output.TEXT) {
      out.println(
          result.passed()
              ? "RESULT PASS every block that was acknowledged held"
              : "RESULT FAIL " + result.failures().get(0));
    }
    out.flush();
  }

  private void say(String line) {
    err().println("drill: " + line);
    err().flush();
  }

  private PrintWriter err() {
    return command().commandLine().getErr();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command().commandLine(), message);
  }

  private CommandSpec command() {
    return Objects.requireNonNull(spec, "set by the command line library");
  }
}
