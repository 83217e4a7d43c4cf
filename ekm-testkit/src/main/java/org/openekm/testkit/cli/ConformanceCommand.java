// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.ConformanceReport;
import org.openekm.testkit.conformance.ConformanceRun;
import org.openekm.testkit.conformance.ConformanceSuite;
import org.openekm.testkit.conformance.InvalidTargetException;
import org.openekm.testkit.conformance.Severity;
import org.openekm.testkit.conformance.Target;
import org.openekm.testkit.conformance.TargetFile;
import org.openekm.testkit.conformance.WireNames;
import org.openekm.testkit.conformance.report.HtmlReport;
import org.openekm.testkit.conformance.report.JUnitReport;
import org.openekm.testkit.conformance.report.JsonReport;
import org.openekm.testkit.conformance.report.TextReport;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Judges an endpoint. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = {
      "Judges any vendor's endpoint against the wire contract of OCI External KMS.",
      "State checks change keys by the hooks of the target: use keys made for tests."
    },
    footer = {
      "",
      "Exit code: 0 every check that must hold holds, 1 one does not, 2 the command was wrong.",
      "",
      "Example:",
      "  ekm conformance --demo",
      "  ekm conformance --target our.properties --report out/",
      "  ekm conformance --target our.properties --only 'token.*'",
      "  ekm conformance --list"
    })
final class ConformanceCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  /** Exactly one of these. */
  static final class What {
    @Option(
        names = "--target",
        paramLabel = "FILE",
        description = "Describes the endpoint; see docs/conformance.md.")
    private @Nullable Path target;

    @Option(names = "--demo", description = "Starts OpenEKM's own server and judges it.")
    private boolean demo;

    @Option(
        names = "--mutants",
        description = "Judges the checks: runs them on servers with one flaw each.")
    private boolean mutants;

    @Option(names = "--list", description = "Lists all checks with their rules.")
    private boolean list;
  }

  @Option(
      names = "--profile",
      paramLabel = "SEVERITY",
      defaultValue = "info",
      description =
          "The least severity of checks to run: must, should or info. Default: info, all.")
  private Severity profile = Severity.INFO;

  @Option(
      names = "--only",
      paramLabel = "ID",
      defaultValue = "*",
      description = "Runs these checks only; * stands for any text.")
  private String only = "*";

  @Option(
      names = "--wire",
      paramLabel = "FILE",
      description = "A wire profile with other JSON names. Default: oci-default.")
  private @Nullable Path wire;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Writes conformance.html, .json and .xml (JUnit) to this directory.")
  private @Nullable Path report;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  private DemoCommand.Output output = DemoCommand.Output.TEXT;

  @Option(
      names = "--backend",
      paramLabel = "KIND",
      defaultValue = "software",
      description =
          "With --demo: where its keys live, software, pkcs11 (SoftHSM) or kmip (PyKMIP). Default: software.")
  private DemoBackend backend = DemoBackend.SOFTWARE;

  @Mixin private ServerJarOption serverJar = new ServerJarOption();

  @Override
  public Integer call() throws IOException {
    if (what.list) {
      return list();
    }
    if (what.mutants) {
      return new MutantRun(out()).run();
    }
    try {
      return what.demo ? demo() : judge(Objects.requireNonNull(what.target));
    } catch (InvalidTargetException e) {
      throw new ParameterException(commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
    } catch (DemoFailedException e) {
      out().println(e.reason());
      out().println("RESULT FAIL the server could not be started");
      return 1;
    }
  }

  private int list() {
    for (Check check : ConformanceSuite.select(profile, only)) {
      out()
          .printf(
              "%-6s %-34s %-8s %s%n",
              check.severity().name().toLowerCase(Locale.ROOT),
              check.id(),
              check.evidence().name().toLowerCase(Locale.ROOT),
              check.rule());
    }
    out().flush();
    return 0;
  }

  private int demo() throws IOException {
    Path jar = serverJar.require(commandSpec());
    Path folder = Files.createTempDirectory("ekm-conformance-");
    try (DemoVault vault = DemoVault.start(new DemoStage(folder, jar, backend))) {
      return judge(vault.target());
    } finally {
      DemoCommand.delete(folder);
    }
  }

  private int judge(Path file) throws IOException {
    try (TargetFile.Opened opened = TargetFile.open(file)) {
      return judge(opened.target());
    }
  }

  private int judge(Target target) throws IOException {
    WireNames names = wire == null ? WireNames.standard() : WireNames.read(wire);
    List<Check> checks = ConformanceSuite.select(profile, only);
    if (checks.isEmpty()) {
      throw new InvalidTargetException("no check is called " + only + "; see --list", null);
    }
    Optional<TextReport> text =
        output == DemoCommand.Output.TEXT ? Optional.of(new TextReport(out())) : Optional.empty();
    ConformanceReport result =
        new ConformanceRun(target, names)
            .run(checks, each -> text.ifPresent(shown -> shown.progress(each)));
    if (report != null) {
      write(report, result);
    }
    text.ifPresentOrElse(shown -> shown.end(result), () -> out().println(JsonReport.of(result)));
    return result.conforms() ? 0 : 1;
  }

  private static void write(Path directory, ConformanceReport result) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("conformance.html"), HtmlReport.of(result));
    Files.writeString(directory.resolve("conformance.json"), JsonReport.of(result));
    Files.writeString(directory.resolve("conformance.xml"), JUnitReport.of(result));
  }

  private PrintWriter out() {
    return commandSpec().commandLine().getOut();
  }

  private CommandSpec commandSpec() {
    return Objects.requireNonNull(spec, "set by the command line library");
  }
}
