// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.openekm.api.NanoClock;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.Settings;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.KeyBackend;

/**
 * The process that a token runs in. Serves calls until the server says stop, and ends at once when
 * the server is gone, whatever the library is doing.
 */
public final class TokenProcess {

  /** The length of the one-time key in bytes. */
  static final int KEY_BYTES = 32;

  private static final int SERVER_GONE = 3;
  private static final int NO_BACKEND = 4;
  private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(1);

  private final UnixDomainSocketAddress address;
  private final byte[] key;

  private TokenProcess(Path socket, byte[] key) {
    this.address = UnixDomainSocketAddress.of(socket);
    this.key = key;
  }

  /**
   * Runs the process.
   *
   * @param arguments the path of the server's socket, the number of connections for calls, and the
   *     backend's name
   * @param opener makes the backend from its context
   */
  public static void run(String[] arguments, Function<ComponentContext, KeyBackend> opener)
      throws IOException {
    byte[] key = System.in.readNBytes(KEY_BYTES);
    if (key.length != KEY_BYTES || arguments.length != 3) {
      throw new IllegalArgumentException("this process is started by the server only");
    }
    int status = SERVER_GONE;
    try {
      status =
          new TokenProcess(Path.of(arguments[0]), key)
              .serve(Integer.parseInt(arguments[1]), arguments[2], opener);
    } finally {
      // Not exit: the library may hang, and its own handlers with it.
      Runtime.getRuntime().halt(status);
    }
  }

  private int serve(int connections, String name, Function<ComponentContext, KeyBackend> opener)
      throws IOException {
    BlockingLink control = connect();
    ServerLink server = new ServerLink(control);
    Frame frame = new Frame();
    control.receive(frame);
    KeyBackend backend;
    try {
      backend = opener.apply(context(name, settings(frame), server));
    } catch (BackendException e) {
      Failures.write(frame, e);
      control.send(frame);
      return NO_BACKEND;
    } catch (InvalidConfigurationException e) {
      Failures.write(frame, new BackendException.Misconfigured(String.valueOf(e.getMessage()), e));
      control.send(frame);
      return NO_BACKEND;
    }
    for (int i = 0; i < connections; i++) {
      start(new CallServer(connect(), backend), "token-call-" + i);
    }
    Arrays.fill(key, (byte) 0);
    control.send(frame.start(Messages.STARTED));
    server.listen();
    close(backend);
    return 0;
  }

  private BlockingLink connect() throws IOException {
    SocketChannel socket = SocketChannel.open(address);
    ByteBuffer proof = ByteBuffer.wrap(key);
    while (proof.hasRemaining()) {
      socket.write(proof);
    }
    return new BlockingLink(socket);
  }

  private static Map<String, String> settings(Frame frame) {
    if (frame.open() != Messages.SETTINGS) {
      throw new ProtocolException("something else than settings");
    }
    Map<String, String> settings = new HashMap<>();
    for (long left = frame.getLong(); left > 0; left--) {
      settings.put(frame.getString(), frame.getString());
    }
    frame.end();
    return settings;
  }

  private static ComponentContext context(
      String name, Map<String, String> settings, ServerLink server) {
    return new ComponentContext(
        name,
        Settings.of(settings),
        server,
        InstantSource.system(),
        NanoClock.system(),
        new SecureRandom(),
        task -> start(task, "token-background"));
  }

  private static void start(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(KeyBackend backend) {
    Thread closing = new Thread(backend::close, "token-close");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(TIME_TO_CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
