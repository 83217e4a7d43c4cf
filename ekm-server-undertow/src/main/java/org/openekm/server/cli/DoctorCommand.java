// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openekm.server.config.ConfigException;
import org.openekm.server.config.ConfigLoader;
import org.openekm.server.config.LoadedConfig;
import org.openekm.server.doctor.Doctor;
import org.openekm.server.doctor.Finding;
import org.openekm.spi.ComponentLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks for what keeps a set-up from working. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Looks for what keeps OCI from being served: configuration, certificate, disks, store, backends with",
      "log-in, identity domains with the way to their signing keys, clock, the addresses that OCI calls and",
      "the time they take, and a token if you give one. Asks the running server for its parts; without one",
      "it opens them itself. Exit code: 0 nothing failed, 1 something did. Each failure names the next step."
    },
    footer = {
      "",
      "Example:",
      "  ekm doctor --config ./my-ekm/ekm.yaml",
      "  ekm doctor --config ./my-ekm/ekm.yaml --token token.txt --vault payments"
    })
final class DoctorCommand implements Callable<Integer> {

  private static final int MOST_TOKEN = 64 * 1024;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration.")
  Path config = Path.of("");

  @Option(
      names = "--token",
      paramLabel = "FILE|-",
      description =
          "Also explains an access token, check by check; - reads it from standard input. It is a secret: don't put it on the command line.")
  @Nullable String token;

  @Option(
      names = "--vault",
      paramLabel = "NAME",
      description = "The vault that the token is for. Default: the only one.")
  @Nullable String vault;

  @Option(
      names = "--ca-bundle",
      paramLabel = "FILE",
      description =
          "The CA bundle that OCI was given. Default: the last certificate of the server's own chain.")
  @Nullable Path caBundle;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  AdminConnection.Output output = AdminConnection.Output.text;

  @Override
  public Integer call() throws IOException {
    Optional<String> given = token();
    List<Finding> findings = examine(given);
    FindingsReport report =
        new FindingsReport(requireNonNull(spec).commandLine().getOut(), findings);
    if (output == AdminConnection.Output.json) {
      report.json();
    } else {
      report.text();
    }
    return report.healthy() ? 0 : 1;
  }

  private List<Finding> examine(Optional<String> given) {
    ComponentLoader loader = ComponentLoader.ofServiceLoader(DoctorCommand.class.getClassLoader());
    LoadedConfig loaded;
    try {
      loaded = new ConfigLoader().load(config);
    } catch (ConfigException e) {
      return List.of(
          Finding.failed(
              "configuration",
              String.valueOf(e.getMessage()),
              "correct it; docs/configuration.md has every setting"));
    }
    Doctor doctor = new Doctor(loaded, loader, InstantSource.system());
    doctor.examineFiles();
    boolean running = examineParts(doctor);
    doctor.examineDomains();
    doctor.examineReach(Optional.ofNullable(caBundle), running);
    given.ifPresent(text -> doctor.examineToken(text, Optional.ofNullable(vault)));
    return doctor.findings();
  }

  /** Returns true if a server runs. */
  private boolean examineParts(Doctor doctor) {
    try {
      RunningServer server = RunningServer.ask(config);
      doctor.examined(server.parts(), server.setup());
      return true;
    } catch (CommandFailedException e) {
      doctor.notRunning(String.valueOf(e.getMessage()));
      doctor.examineParts();
      return false;
    }
  }

  private Optional<String> token() throws IOException {
    if (token == null) {
      return Optional.empty();
    }
    try (InputStream in = token.equals("-") ? System.in : Files.newInputStream(Path.of(token))) {
      return Optional.of(new String(in.readNBytes(MOST_TOKEN), StandardCharsets.UTF_8));
    }
  }
}
