// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Writes what the running server has into a file for {@code ekm apply}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the running server's issuers, tenancies, vaults, keys and administrators as a file that ekm apply takes.",
      "It holds names, states, policies and grants, and references to secrets: no key material, secret or credential, so",
      "it is no backup of keys. Keys that are destroyed or whose deletion is pending are left out."
    },
    footer = {"", "Example:", "  ekm export -f vaults.yaml"})
final class ExportCommand implements Callable<Integer> {

  @Spec @Nullable CommandSpec spec;

  @Mixin @Nullable AdminConnection server;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Where to write; must not be there yet. Default: the standard output.")
  @Nullable Path file;

  @Override
  public Integer call() throws IOException {
    AdminConnection connection = requireNonNull(server);
    if (file != null && Files.exists(file)) {
      throw new CommandFailedException(
          file + " is there already; choose another name, or remove it first", null);
    }
    SetupWriter writer = new SetupWriter(ServerState.read(connection));
    String text = writer.text();
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    if (file != null) {
      PrivateFiles.secret(file, text.getBytes(StandardCharsets.UTF_8));
    }
    if (connection.output == AdminConnection.Output.json) {
      Map<String, Object> json = new LinkedHashMap<>();
      Bodies.putIfGiven(json, "file", file == null ? null : file.toString());
      Bodies.putIfGiven(json, "text", file == null ? text : null);
      json.put("leftOut", writer.leftOut());
      out.println(JsonMapper.shared().writeValueAsString(json));
    } else if (file == null) {
      out.print(text);
    } else {
      out.println("written: " + file);
    }
    out.flush();
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    writer
        .leftOut()
        .forEach(key -> err.println("left out, because its deletion is pending: key " + key));
    err.flush();
    return 0;
  }
}
