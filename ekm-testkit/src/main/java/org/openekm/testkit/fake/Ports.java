// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.awaitility.Awaitility;

/** TCP ports of the loopback address for tests. */
public final class Ports {

  private static final int CONNECT_MILLIS = 500;

  private Ports() {}

  /**
   * Returns a port that nobody listened on a moment ago. Somebody else may take it first; where a
   * server can choose its port itself (port 0), let it.
   */
  public static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Opens a port that takes connections and never says a word, like a device that hangs. The caller
   * closes it.
   */
  public static ServerSocket silent() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns true if somebody takes connections on the port. */
  public static boolean isOpen(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits until somebody takes connections on the port; fails the test after {@code limit}. */
  public static void awaitOpen(int port, Duration limit) {
    Awaitility.await("port " + port + " takes connections").atMost(limit).until(() -> isOpen(port));
  }
}
