// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openekm.server.config.BackendExamination;
import org.openekm.server.config.ConfigLoader;
import org.openekm.spi.CheckResult;
import org.openekm.spi.ComponentLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Looks for what would keep a server from working, without starting it. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Reads a configuration and tries its backends, log-in included, without a server. A keystore file",
      "that a running server uses can't be tried; ask that server with ekm status."
    },
    footer = {"", "Example:", "  ekm doctor --config ./my-ekm/ekm.yaml"})
final class DoctorCommand implements Callable<Integer> {

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration.")
  Path config = Path.of("");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  AdminConnection.Output output = AdminConnection.Output.text;

  @Override
  public Integer call() {
    Map<String, CheckResult> results =
        new BackendExamination(
                ComponentLoader.ofServiceLoader(DoctorCommand.class.getClassLoader()))
            .examine(new ConfigLoader().load(config));
    boolean healthy = results.values().stream().allMatch(CheckResult::healthy);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    if (output == AdminConnection.Output.json) {
      out.println(json(results, healthy));
    } else {
      out.println("ok    configuration");
      results.forEach(
          (name, result) ->
              out.println(
                  (result.healthy() ? "ok    " : "FAIL  ")
                      + "backend "
                      + name
                      + ": "
                      + result.message()));
    }
    out.flush();
    return healthy ? 0 : 1;
  }

  private static String json(Map<String, CheckResult> results, boolean healthy) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("healthy", healthy);
    Map<String, Object> backends = new LinkedHashMap<>();
    results.forEach(
        (name, result) ->
            backends.put(name, Map.of("healthy", result.healthy(), "message", result.message())));
    all.put("backends", backends);
    return JsonMapper.shared().writeValueAsString(all);
  }
}
