// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.testtoken;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * SoftHSM behind a socket, as an HSM on the network is: p11-kit's server, reached through its
 * client module. After the server has gone every call fails until the client is finalized and
 * initialized again. It passes no AES-GCM on, so only random bytes can be had.
 */
public final class P11KitServer implements AutoCloseable {

  private static final Path MODULE = client();

  private final TestToken token;
  private final Path socket;
  private Process process;

  private P11KitServer(TestToken token, Path socket) {
    this.token = token;
    this.socket = socket;
  }

  /** Returns why it can't be used here; empty if it can. */
  public static Optional<String> missing() {
    if (System.getenv("P11_KIT_SERVER_ADDRESS") == null) {
      return Optional.of("P11_KIT_SERVER_ADDRESS is not set; run the tests by Maven");
    }
    return SoftHsm.missing().or(() -> Programs.missing(MODULE, "p11-kit"));
  }

  /** Starts a server for a token of SoftHSM. */
  public static P11KitServer start(TestToken token) {
    String address = System.getenv("P11_KIT_SERVER_ADDRESS");
    P11KitServer server =
        new P11KitServer(token, Path.of(address.substring(address.indexOf('=') + 1)));
    server.start();
    return server;
  }

  /** Returns the token as its clients reach it. */
  public TestToken remote() {
    Map<String, String> settings = new HashMap<>(token.settings());
    settings.put("module", MODULE.toString());
    return new TestToken(MODULE, token.pin(), settings);
  }

  /** Starts it, again. */
  public void start() {
    try {
      Files.deleteIfExists(socket);
      process =
          new ProcessBuilder(
                  List.of(
                      "p11-kit",
                      "server",
                      "-n",
                      socket.toString(),
                      "-f",
                      "--provider",
                      SoftHsm.MODULE.toString(),
                      "pkcs11:token=" + token.settings().get("token.label")))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(socket));
  }

  /** Kills it with all its connections. */
  public void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }

  private static Path client() {
    Path arm = Path.of("/usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so");
    return Files.exists(arm) ? arm : Path.of("/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so");
  }
}
