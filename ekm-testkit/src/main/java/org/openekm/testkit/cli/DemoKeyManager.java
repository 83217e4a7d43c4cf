// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openekm.testkit.fake.Ports;
import org.openekm.testkit.kmip.KmipAuthority;

/** A PyKMIP server with its keys and certificates in the demo's folder, which goes with it. */
final class DemoKeyManager implements AutoCloseable {

  private static final Path PROGRAM = Path.of("/usr/bin/pykmip-server");
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final int port;
  private final Path trusted;
  private final KmipAuthority.PemFiles client;
  private final Process process;
  private final Thread stopAtExit;

  private DemoKeyManager(int port, Path trusted, KmipAuthority.PemFiles client, Process process) {
    this.port = port;
    this.trusted = trusted;
    this.client = client;
    this.process = process;
    this.stopAtExit = new Thread(process::destroyForcibly, "stop PyKMIP");
    Runtime.getRuntime().addShutdownHook(stopAtExit);
  }

  /**
   * Starts a server and returns once it takes connections.
   *
   * @throws DemoFailedException if PyKMIP is not installed or fails
   */
  static DemoKeyManager start(Path folder) {
    if (!Files.isExecutable(PROGRAM)) {
      throw new DemoFailedException(
          "PyKMIP is not installed. Install it (Debian: apt-get install python3-pykmip) and try"
              + " again.",
          null);
    }
    try {
      Path home = Files.createDirectories(folder.resolve("key-manager"));
      KmipAuthority authority = new KmipAuthority();
      KmipAuthority.PemFiles server = KmipAuthority.write(authority.server(), home, "server");
      KmipAuthority.PemFiles client = KmipAuthority.write(authority.client("ekm"), home, "client");
      Path trusted = authority.writeCa(home.resolve("ca.pem"));
      int port = Ports.free();
      Files.createDirectories(home.resolve("policy"));
      Path config = Files.writeString(home.resolve("server.conf"), config(home, port, server));
      Path log = home.resolve("server.log");
      Process process =
          new ProcessBuilder(
                  List.of(PROGRAM.toString(), "-f", config.toString(), "-l", log.toString()))
              .redirectErrorStream(true)
              .redirectOutput(home.resolve("output.log").toFile())
              .start();
      DemoKeyManager manager = new DemoKeyManager(port, trusted, client, process);
      manager.awaitPort();
      return manager;
    } catch (IOException e) {
      throw new DemoFailedException("can't start PyKMIP in " + folder, e);
    }
  }

  private static String config(Path home, int port, KmipAuthority.PemFiles server) {
    return """
        [server]
        hostname=127.0.0.1
        port=%d
        certificate_path=%s
        key_path=%s
        ca_path=%s
        auth_suite=TLS1.2
        policy_path=%s
        enable_tls_client_auth=True
        logging_level=WARNING
        database_path=%s
        tls_cipher_suites=
            ECDHE-ECDSA-AES256-GCM-SHA384
            ECDHE-ECDSA-AES128-GCM-SHA256
        """
        .formatted(
            port,
            server.certificate(),
            server.privateKey(),
            home.resolve("ca.pem"),
            home.resolve("policy"),
            home.resolve("keys.db"));
  }

  private void awaitPort() {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!Ports.isOpen(port)) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        close();
        throw new DemoFailedException("PyKMIP did not get ready.", null);
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  /** Returns the lines of a server's configuration that make it a backend. */
  String backend() {
    return """
            type: kmip
            profile: pykmip
            host: 127.0.0.1
            port: %d
            tls:
              trusted-certificates: '%s'
              certificate: '%s'
              private-key: '%s'
        """
        .formatted(port, trusted, client.certificate(), client.privateKey());
  }

  /** It may take long to end in good order, and nobody needs its keys any more. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(stopAtExit);
    } catch (IllegalStateException e) {
      // This process is ending already; the hook does the same as we just did.
      process.destroyForcibly();
    }
  }
}
