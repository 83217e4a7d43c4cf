// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openekm.testkit.conformance.InvalidTargetException;
import org.openekm.testkit.conformance.Target;
import org.openekm.testkit.conformance.TargetFile;
import org.openekm.testkit.conformance.http.Endpoint;
import org.openekm.testkit.load.Ammunition;
import org.openekm.testkit.load.LoadCompare;
import org.openekm.testkit.load.LoadEngine;
import org.openekm.testkit.load.LoadHtml;
import org.openekm.testkit.load.LoadJson;
import org.openekm.testkit.load.LoadPlan;
import org.openekm.testkit.load.LoadResult;
import org.openekm.testkit.load.LoadSearch;
import org.openekm.testkit.load.LoadText;
import org.openekm.testkit.load.Mix;
import org.openekm.testkit.load.SelfCheck;
import org.openekm.testkit.oci.CaBundle;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Loads an endpoint. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Loads an endpoint as OCI would: 500 ms to connect, 1 s to answer, one retry. Latencies count",
      "from the time at which a request was due, so that a stall of the server shows in full.",
      "Mixes: encrypt, object-storage, block-volume, database, all."
    },
    footer = {
      "",
      "Exit code: 0 nothing failed and the rate was kept, 1 otherwise, 2 the command was wrong.",
      "",
      "Example:",
      "  ekm load --demo --rate 1000 --mix object-storage",
      "  ekm load --target our.properties --search 250 --report out/",
      "  ekm load --target ours.properties --compare theirs.properties --rate 500",
      "  ekm load --self-check"
    })
final class LoadCommand implements Callable<Integer> {

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

    @Option(names = "--demo", description = "Starts OpenEKM's own server and loads it.")
    private boolean demo;

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = "Sends a plain GET to this URL; needs --ca.")
    private @Nullable URI url;

    @Option(
        names = "--self-check",
        description = "Measures a server of known latencies: is the generator right here?")
    private boolean selfCheck;
  }

  @Option(names = "--ca", paramLabel = "FILE", description = "The CA of --url.")
  private @Nullable Path ca;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "500",
      description = "Requests a second at fixed times; 0 for the closed model. Default: 500.")
  private int rate;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "64",
      description = "The most connections at once; the callers of the closed model. Default: 64.")
  private int connections;

  @Option(names = "--new-connections", description = "A new TLS connection for each request.")
  private boolean newConnections;

  @Option(
      names = "--mix",
      paramLabel = "NAME",
      defaultValue = "encrypt",
      description = "What is sent. Default: encrypt.")
  private String mix = "encrypt";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long to count. Default: 10.")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "5",
      description = "Seconds before that. Default: 5.")
  private int warmUp;

  @Option(
      names = "--search",
      paramLabel = "MS",
      description = "Finds the highest rate with p99.9 of at most this.")
  private @Nullable Double search;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description = "Loads this target in turn with the other one.")
  private @Nullable Path compare;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds of --compare. Default: 5.")
  private int rounds;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Writes load.html and load.json to this directory.")
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
    // Wrong values are told before anything is started.
    plan();
    mix();
    requireComparable();
    try {
      if (what.selfCheck) {
        return ended(
            new SelfCheck(out()).run(Math.max(5, seconds / 2)),
            "every figure within 5 % of the truth");
      }
      if (what.demo) {
        return demo();
      }
      if (what.url != null) {
        Endpoint endpoint =
            Endpoint.of(what.url, CaBundle.read(Objects.requireNonNullElse(ca, Path.of(""))));
        return load(Ammunition.plainGet(endpoint, what.url.getRawPath()), Optional.empty());
      }
      try (TargetFile.Opened opened = TargetFile.open(Objects.requireNonNull(what.target))) {
        return compare == null
            ? load(opened.target(), Optional.empty())
            : compare(opened.target(), compare);
      }
    } catch (InvalidTargetException e) {
      throw new ParameterException(commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
    } catch (DemoFailedException e) {
      out().println(e.reason());
      return ended(false, "the server could not be started");
    }
  }

  private void requireComparable() {
    if (compare == null) {
      return;
    }
    if (what.target == null || search != null) {
      throw new ParameterException(
          commandSpec().commandLine(), "--compare goes with --target, and not with --search");
    }
    if (rounds < 1) {
      throw new ParameterException(commandSpec().commandLine(), "--rounds must be at least 1");
    }
  }

  private LoadPlan plan() {
    try {
      return new LoadPlan(
          rate,
          connections,
          !newConnections,
          Duration.ofSeconds(warmUp),
          Duration.ofSeconds(seconds));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Mix mix() {
    try {
      return Mix.named(mix);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private int demo() throws IOException {
    Path jar = serverJar.require(commandSpec());
    Path folder = Files.createTempDirectory("ekm-load-");
    try (DemoVault vault = DemoVault.start(DemoStage.forLoad(folder, jar, backend))) {
      return load(vault.target(), Optional.of(vault));
    } finally {
      DemoCommand.delete(folder);
    }
  }

  private int load(Target target, Optional<DemoVault> ours) throws IOException {
    return load(Ammunition.of(target, mix()), ours);
  }

  private int load(Ammunition shots, Optional<DemoVault> ours) throws IOException {
    if (search != null) {
      return search(shots, search);
    }
    LoadText text = new LoadText(out());
    boolean shown = output == DemoCommand.Output.TEXT;
    CpuMeter cpu = new CpuMeter(ours);
    LoadResult result =
        new LoadEngine(
                shots,
                plan(),
                second -> {
                  cpu.tick();
                  if (shown) {
                    text.second(second);
                  }
                })
            .run();
    write(result);
    if (!shown) {
      out().println(LoadJson.of(result));
      return result.isHealthy() ? 0 : 1;
    }
    text.end(result);
    cpu.perRequest(result)
        .ifPresent(
            micros ->
                out().printf(Locale.ROOT, "CPU of the server per request: %.0f us%n", micros));
    return ended(result.isHealthy(), summary(result));
  }

  private int search(Ammunition shots, double limit) throws IOException {
    LoadSearch steps =
        new LoadSearch(
            shots,
            plan(),
            limit,
            step -> {
              out().printf(Locale.ROOT, "%8d/s  %s%n", step.plan().rate(), summary(step));
              out().flush();
            });
    Optional<LoadResult> best = steps.run();
    if (best.isPresent()) {
      write(best.get());
    }
    return ended(
        best.isPresent(),
        best.map(one -> "highest rate " + one.plan().rate() + "/s: " + summary(one))
            .orElse("no rate keeps p99.9 under " + limit + " ms"));
  }

  private int compare(Target first, Path file) throws IOException {
    try (TargetFile.Opened second = TargetFile.open(file)) {
      LoadCompare compare = new LoadCompare();
      compare.run(
          Ammunition.of(first, mix()),
          Ammunition.of(second.target(), mix()),
          plan(),
          rounds,
          (name, result) -> {
            if (output == DemoCommand.Output.TEXT) {
              out().println(name + "  " + summary(result));
              out().flush();
            }
          });
      Map<String, LoadCompare.Ratio> ratios = new LinkedHashMap<>();
      ratios.put("goodput", compare.ratio(LoadResult::goodput));
      for (double percentile : new double[] {50, 99, 99.9}) {
        ratios.put("p" + percentile, compare.ratio(result -> result.millis(percentile)));
      }
      if (output == DemoCommand.Output.JSON) {
        out()
            .println(
                JsonMapper.shared()
                    .writeValueAsString(Map.of("healthy", compare.isHealthy(), "ratios", ratios)));
        return compare.isHealthy() ? 0 : 1;
      }
      ratios.forEach(this::ratio);
      return ended(compare.isHealthy(), "ratios are B divided by A");
    }
  }

  private void ratio(String name, LoadCompare.Ratio ratio) {
    out()
        .printf(
            Locale.ROOT,
            "%-8s B/A  %.3f  (%.3f to %.3f)%n",
            name,
            ratio.median(),
            ratio.least(),
            ratio.most());
  }

  private static String summary(LoadResult result) {
    return String.format(
        Locale.ROOT,
        "good %.0f/s, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, failed %d",
        result.goodput(),
        result.millis(50),
        result.millis(99),
        result.millis(99.9),
        result.failed());
  }

  private void write(LoadResult result) throws IOException {
    if (report != null) {
      Files.createDirectories(report);
      Files.writeString(report.resolve("load.html"), LoadHtml.of(result, "Load: " + mix));
      Files.writeString(report.resolve("load.json"), LoadJson.of(result));
    }
  }

  private int ended(boolean good, String text) {
    out().println();
    out().println("RESULT " + (good ? "PASS " : "FAIL ") + text);
    out().flush();
    return good ? 0 : 1;
  }

  private PrintWriter out() {
    return commandSpec().commandLine().getOut();
  }

  private CommandSpec commandSpec() {
    return Objects.requireNonNull(spec, "set by the command line library");
  }
}
