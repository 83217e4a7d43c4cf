// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.backend.BackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts token processes, each to the point where it serves calls. */
final class ChildStarter {

  private static final Logger LOG = LoggerFactory.getLogger(ChildStarter.class);
  private static final Duration TIME_TO_START = Duration.ofSeconds(20);
  private static final Duration TIME_TO_EXPLAIN = Duration.ofMillis(500);

  private final IsolationConfig config;
  private final ComponentContext context;
  private final SecretAnswers secrets;

  ChildStarter(IsolationConfig config, ComponentContext context) {
    this.config = config;
    this.context = context;
    Set<String> references =
        config.settings().values().stream()
            .filter(value -> value.startsWith("${"))
            .collect(Collectors.toSet());
    this.secrets = new SecretAnswers(context, references);
  }

  /**
   * Starts a process.
   *
   * @throws BackendException if it can't be started or says that it has no backend
   */
  TokenChild start() {
    Deadline deadline = Deadline.after(TIME_TO_START, context.nanoClock());
    byte[] key = new byte[TokenProcess.KEY_BYTES];
    context.random().nextBytes(key);
    Path directory = null;
    Process process = null;
    boolean done = false;
    try {
      directory = privateDirectory();
      Path socket = directory.resolve("s");
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(socket));
        process = launch(socket, key);
        TokenChild child = connect(new Doorkeeper(server, process, key), process, deadline);
        done = true;
        return child;
      }
    } catch (IOException e) {
      throw new BackendException.Unavailable(
          "the token's process could not be started: " + e.getMessage(), true, e);
    } finally {
      if (!done && process != null) {
        process.destroyForcibly();
      }
      delete(directory);
    }
  }

  private static Path privateDirectory() throws IOException {
    return Files.createTempDirectory(
        "ekm", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private static void delete(@Nullable Path directory) {
    if (directory == null) {
      return;
    }
    try {
      Files.deleteIfExists(directory.resolve("s"));
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      LOG.warn("{} could not be removed: {}", directory, e.getMessage());
    }
  }

  private Process launch(Path socket, byte[] key) throws IOException {
    List<String> command = new ArrayList<>(JavaCommand.of(config.mainClass()));
    command.add(socket.toString());
    command.add(Integer.toString(config.connections()));
    command.add(context.instanceName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Meant for the server alone: a debugger's port, say, can't be opened twice.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.start();
    context.executor().execute(() -> log(process));
    try (OutputStream input = process.getOutputStream()) {
      input.write(key);
    }
    return process;
  }

  /** What the process and the vendor's library print goes to the log, line by line. */
  private void log(Process process) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        LOG.info("{}: process {}: {}", context.instanceName(), process.pid(), line);
      }
    } catch (IOException e) {
      LOG.debug("the output of process {} has ended: {}", process.pid(), e.getMessage());
    }
  }

  private TokenChild connect(Doorkeeper door, Process process, Deadline deadline)
      throws IOException {
    TimedLink control = new TimedLink(door.admit(deadline));
    Frame frame = new Frame();
    frame.start(Messages.SETTINGS).put((long) config.settings().size());
    config.settings().forEach((name, value) -> frame.put(name).put(value));
    control.send(frame, deadline);
    List<CallLink> links = new ArrayList<>();
    try {
      for (int i = 0; i < config.connections(); i++) {
        links.add(new CallLink(new TimedLink(door.admit(deadline)), context.nanoClock()));
      }
      if (!control.receive(frame, deadline) || frame.open() != Messages.STARTED) {
        throw new IOException("it did not say that it has started");
      }
    } catch (IOException e) {
      throw refusal(control, frame, e);
    }
    LOG.info("{}: the token runs in process {}", context.instanceName(), process.pid());
    return new TokenChild(
        context.instanceName(),
        new TokenChild.Parts(process, control, links),
        secrets,
        context.nanoClock(),
        config.hangAfter());
  }

  /** A process that can't have a backend says why before it ends. */
  private BackendException refusal(TimedLink control, Frame frame, IOException otherwise) {
    try {
      Deadline soon = Deadline.after(TIME_TO_EXPLAIN, context.nanoClock());
      if (control.receive(frame, soon) && frame.open() == Messages.FAILURE) {
        return Failures.read(frame);
      }
    } catch (IOException e) {
      LOG.debug("the process gave no reason: {}", e.getMessage());
    }
    return new BackendException.Unavailable(
        "the token's process could not be started: " + otherwise.getMessage(), true, otherwise);
  }
}
