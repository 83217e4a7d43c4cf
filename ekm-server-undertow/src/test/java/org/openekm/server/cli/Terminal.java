// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import org.openekm.server.EkmServer;
import org.openekm.testkit.fake.Ports;
import picocli.CommandLine;

/** An operator before a running server that {@code ekm init} has configured. */
final class Terminal implements AutoCloseable {

  private final EkmServer server;
  private final String config;

  /** What a command printed and how it ended. */
  record Run(int exit, String out, String err) {

    /** Returns the same if it went well. */
    Run good() {
      assertThat(exit).as(err).isZero();
      return this;
    }
  }

  private Terminal(EkmServer server, String config) {
    this.server = server;
    this.config = config;
  }

  /** Makes a configuration in this folder and starts the server. */
  static Terminal start(Path home) {
    init(home);
    return serve(home.resolve("ekm.yaml"));
  }

  /** Makes a configuration in this folder. */
  static void init(Path home) {
    ekm(
            "init",
            home.toString(),
            "--port",
            Integer.toString(Ports.free()),
            "--admin-port",
            Integer.toString(Ports.free()))
        .good();
  }

  /** Starts the server of a configuration. */
  static Terminal serve(Path config) {
    EkmServer server = ServeCommand.assemble(config);
    server.start();
    return new Terminal(server, config.toString());
  }

  static Run ekm(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return new Run(line.execute(arguments), out.toString(), err.toString());
  }

  /** Runs a command that talks to the server. */
  Run manage(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--config";
    all[arguments.length + 1] = config;
    return ekm(all);
  }

  @Override
  public void close() {
    server.close();
  }
}
