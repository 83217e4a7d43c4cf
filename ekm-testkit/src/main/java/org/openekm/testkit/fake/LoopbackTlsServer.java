// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Accepts TLS connections on a free loopback port and serves each on a thread of its own. For small
 * servers of tests. Thread-safe; {@link #close()} frees the port and ends all connections.
 */
public final class LoopbackTlsServer implements AutoCloseable {

  private static final int BACKLOG = 500;

  private final SSLServerSocket socket;
  private final Handler handler;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  /** Serves one connection. */
  @FunctionalInterface
  public interface Handler {

    /**
     * Serves it to its end; the server closes it then.
     *
     * @throws IOException if the caller has left
     */
    void serve(Socket connection) throws IOException;
  }

  /** Starts a server. */
  public LoopbackTlsServer(SSLContext tls, Handler handler) throws IOException {
    this.handler = handler;
    this.socket =
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** Returns the port. */
  public int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        connections.add(connection);
        threads.execute(() -> serve(connection));
      }
    } catch (IOException | RejectedExecutionException e) {
      // The server was closed.
      threads.shutdown();
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      handler.serve(connection);
    } catch (IOException e) {
      // The caller has left or dawdled; nobody is there to be told.
      connections.remove(connection);
    }
    connections.remove(connection);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      socket.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the port can't be freed", e);
    }
  }
}
