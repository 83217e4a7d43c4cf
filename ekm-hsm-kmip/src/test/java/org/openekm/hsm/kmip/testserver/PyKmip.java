// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.testserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openekm.hsm.kmip.internal.client.KmipOperation;
import org.openekm.hsm.kmip.internal.client.RequestItem;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.testkit.fake.Ports;
import org.openekm.testkit.kmip.KmipAuthority;

/**
 * Debian's PyKMIP server as a process of its own: somebody else's codec, TLS and access control. It
 * speaks TLS 1.2 only, and with P-256 certificates offers suites that are good enough.
 */
public final class PyKmip implements AutoCloseable {

  private static final Path PROGRAM = Path.of("/usr/bin/pykmip-server");
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int INTERRUPT = 2;

  private final Path folder;
  private final int port;
  private Process process;

  private PyKmip(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Returns why it can't be used here; empty if it can. */
  public static Optional<String> missing() {
    return Files.isExecutable(PROGRAM)
        ? Optional.empty()
        : Optional.of("PyKMIP: skipped, " + PROGRAM + " is not installed (python3-pykmip)");
  }

  /** Starts a server in this folder, which trusts the authority's clients. */
  public static PyKmip start(KmipAuthority authority, Path folder) {
    PyKmip server = new PyKmip(folder, Ports.free());
    try {
      KmipAuthority.PemFiles files = KmipAuthority.write(authority.server(), folder, "server");
      Path ca = authority.writeCa(folder.resolve("ca.pem"));
      Files.createDirectories(folder.resolve("policy"));
      Files.writeString(
          folder.resolve("server.conf"),
          """
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
                  server.port,
                  files.certificate(),
                  files.privateKey(),
                  ca,
                  folder.resolve("policy"),
                  folder.resolve("keys.db")));
      server.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return server;
  }

  /** Starts it again, with the same keys. */
  public void run() throws IOException {
    process =
        new ProcessBuilder(
                List.of(
                    PROGRAM.toString(),
                    "-f",
                    folder.resolve("server.conf").toString(),
                    "-l",
                    folder.resolve("server.log").toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.log").toFile())
            .start();
    Ports.awaitOpen(port, START_LIMIT);
  }

  /** Returns what deactivates a key. */
  public static RequestItem revocation(BackendKeyRef key) {
    return RequestItem.of(
        KmipOperation.REVOKE,
        Ttlv.text(Tag.UNIQUE_IDENTIFIER, key.value()),
        Ttlv.structure(Tag.REVOCATION_REASON, Ttlv.enumeration(Tag.REVOCATION_REASON_CODE, 6)));
  }

  /** Returns its port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Kills it at once. */
  public void kill() {
    process.destroyForcibly();
    await();
  }

  @Override
  public void close() {
    try {
      // It ends within 2 seconds when interrupted, and within 13 when told to terminate.
      new ProcessBuilder("kill", "-" + INTERRUPT, Long.toString(process.pid())).start().waitFor();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill();
    }
  }

  private void await() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
