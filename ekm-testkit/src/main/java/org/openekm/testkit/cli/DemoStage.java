// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.openekm.testkit.fake.Ports;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The processes of the demo: the server under its own command line, and a fake identity domain. All
 * of them end with {@link #close()}. Used by one thread.
 */
final class DemoStage implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final Path folder;
  private final Path serverJar;
  private final int port = Ports.free();
  private final int adminPort = Ports.free();
  private final DemoBackend backend;
  private final boolean measured;
  private List<String> serverOptions = List.of();
  private Optional<DemoToken> token = Optional.empty();
  private Optional<DemoKeyManager> keyManager = Optional.empty();
  private Optional<ChildProcess> domain = Optional.empty();
  private Optional<ChildProcess> server = Optional.empty();

  /**
   * Makes a stage on which nothing runs yet.
   *
   * @param folder an empty folder that only this user may read
   * @param serverJar the server's runnable jar
   * @param backend where its keys live
   */
  DemoStage(Path folder, Path serverJar, DemoBackend backend) {
    this(folder, serverJar, backend, false);
  }

  private DemoStage(Path folder, Path serverJar, DemoBackend backend, boolean measured) {
    this.folder = folder;
    this.serverJar = serverJar;
    this.backend = backend;
    this.measured = measured;
  }

  /** Makes a stage whose server runs as an operator would run it, to be measured. */
  static DemoStage forLoad(Path folder, Path serverJar, DemoBackend backend) {
    return new DemoStage(folder, serverJar, backend, true);
  }

  /** Returns where OCI reaches the server, with a slash at the end: the audience of its tokens. */
  String endpointUrl() {
    return "https://127.0.0.1:" + port + "/";
  }

  int port() {
    return port;
  }

  /** Returns the CA bundle to give to OCI. */
  Path caBundle() {
    return serverFolder().resolve("tls").resolve("ca.pem");
  }

  /** Returns the CA bundle of the identity domain. */
  Path domainCaBundle() {
    return folder.resolve("identity-domain-ca.pem");
  }

  private Path serverFolder() {
    return folder.resolve("server");
  }

  private Path config() {
    return serverFolder().resolve("ekm.yaml");
  }

  /** Starts the identity domain without waiting for it. */
  void startDomain() {
    domain =
        Optional.of(
            ChildProcess.startTalking(
                "The identity domain",
                folder.resolve("identity-domain.log"),
                List.of(
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "identity-domain",
                    "--audience",
                    endpointUrl(),
                    "--ca-file",
                    domainCaBundle().toString())));
  }

  /** Waits until the identity domain answers. */
  DomainDescription awaitDomain() {
    String line = domain.orElseThrow().firstLine(START_LIMIT);
    try {
      return JsonMapper.shared().readValue(line, DomainDescription.class);
    } catch (JacksonException e) {
      throw new DemoFailedException("The identity domain did not say where it is.", e);
    }
  }

  /** Runs {@code ekm init} and returns its exit code. */
  int initServer() {
    if (backend == DemoBackend.PKCS11) {
      token = Optional.of(DemoToken.create(folder));
    } else if (backend == DemoBackend.KMIP) {
      keyManager = Optional.of(DemoKeyManager.start(folder));
    }
    return cli(
        "init",
        serverFolder().toString(),
        "--host",
        "127.0.0.1",
        "--port",
        Integer.toString(port),
        "--admin-port",
        Integer.toString(adminPort));
  }

  /**
   * Makes the server trust the identity domain's certificate, and more patient with the disk: a
   * demo shares it with whatever else runs on this machine.
   */
  void adaptConfig() {
    String written = read(config());
    String patient = written.replace("\naudit:\n", "\naudit:\n  max-wait: 400ms\n");
    String trusting =
        """

        # The identity domain of the demo is known to no public authority.
        tokens:
          keys:
            trusted-certificates: '%s'
        """
            .formatted(domainCaBundle().toString().replace("'", "''"));
    String adapted =
        backendLines().map(lines -> withBackend(patient, lines)).orElse(patient) + trusting;
    write(config(), adapted, StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** Sets more options of the Java machine for the server. */
  void serverOptions(String... options) {
    serverOptions = List.of(options);
  }

  /** Changes the configuration before the server is started. */
  void editConfig(UnaryOperator<String> change) {
    write(config(), change.apply(read(config())), StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** Returns where the server keeps a secret of its own. */
  Path secretFile(String name) {
    return serverFolder().resolve("secrets").resolve(name);
  }

  /** Returns what stands in the place of the file with keys. */
  private Optional<String> backendLines() {
    return token
        .map(made -> DemoToken.backend(secretReference("hsm-pin", made.pin())))
        .or(() -> keyManager.map(DemoKeyManager::backend));
  }

  private static String withBackend(String written, String lines) {
    int from = written.indexOf("    type: software\n");
    int to = written.indexOf("\n\n", from);
    if (from < 0 || to < 0) {
      throw new DemoFailedException("The configuration has no software backend to replace.", null);
    }
    return written.substring(0, from) + lines.stripTrailing() + written.substring(to);
  }

  /** Writes a secret where the server can read it and returns the reference to it. */
  String secretReference(String name, String secret) {
    Path file = secretFile(name);
    write(file, "", StandardOpenOption.CREATE_NEW);
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException | UnsupportedOperationException e) {
      throw new DemoFailedException("can't make " + file + " private", e);
    }
    write(file, secret, StandardOpenOption.TRUNCATE_EXISTING);
    return "${file:secrets/" + name + "}";
  }

  /** Runs {@code ekm serve} and returns once the server is ready. */
  AdminClient startServer() {
    ChildProcess process =
        ChildProcess.start(
            "The server",
            folder.resolve("server.log"),
            java("serve", "--config", config() + ""),
            token.map(DemoToken::environment).orElse(Map.of()));
    server = Optional.of(process);
    AdminClient admin = new AdminClient(URI.create("http://127.0.0.1:" + adminPort), credential());
    awaitReady(admin);
    return admin;
  }

  /** Ends the server; it can be started again. */
  void stopServer() {
    server.ifPresent(ChildProcess::close);
    server = Optional.empty();
  }

  /** Waits until the server says that all its parts work. */
  void awaitReady(AdminClient admin) {
    ChildProcess process = server.orElseThrow();
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!admin.isReady()) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new DemoFailedException("The server did not get ready." + process.logTail(), null);
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  /** Runs a management command against the server and returns its exit code. */
  int manage(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config().toString()));
    return cli(all.toArray(String[]::new));
  }

  private int cli(String... arguments) {
    Path log = folder.resolve("command.log");
    try (ChildProcess process =
        ChildProcess.start("ekm " + arguments[0], log, java(arguments), Map.of())) {
      int exitCode = process.exitCode(START_LIMIT);
      if (exitCode != 0) {
        throw new DemoFailedException(
            "ekm " + arguments[0] + " ended with exit code " + exitCode + "." + process.logTail(),
            null);
      }
      return exitCode;
    }
  }

  private List<String> java(String... arguments) {
    List<String> all = new ArrayList<>();
    boolean slowStart = measured && arguments[0].equals("serve");
    if (!arguments[0].equals("init") && !slowStart) {
      // Starts faster; but making RSA keys is slow without the better compiler.
      all.add("-XX:TieredStopAtLevel=1");
    }
    if (arguments[0].equals("serve")) {
      all.addAll(serverOptions);
    }
    all.addAll(List.of("-jar", serverJar.toString()));
    all.addAll(List.of(arguments));
    return all;
  }

  private String credential() {
    return read(serverFolder().resolve("secrets").resolve("admin-credential")).strip();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new DemoFailedException("can't read " + file, e);
    }
  }

  private static void write(Path file, String text, OpenOption option) {
    try {
      Files.writeString(file, text, StandardOpenOption.WRITE, option);
    } catch (IOException e) {
      throw new DemoFailedException("can't write " + file, e);
    }
  }

  /** Returns the CPU time that the server has used so far; zero before it was started. */
  Duration serverCpu() {
    return server.map(ChildProcess::cpu).orElse(Duration.ZERO);
  }

  /** Returns the end of the server's log; empty if it was never started. */
  String serverLogTail() {
    return server.map(ChildProcess::logTail).orElse("");
  }

  /** Ends all processes; both are asked first, so that they end at the same time. */
  @Override
  public void close() {
    domain.ifPresent(ChildProcess::askToEnd);
    server.ifPresent(ChildProcess::askToEnd);
    domain.ifPresent(ChildProcess::close);
    server.ifPresent(ChildProcess::close);
    keyManager.ifPresent(DemoKeyManager::close);
  }
}
