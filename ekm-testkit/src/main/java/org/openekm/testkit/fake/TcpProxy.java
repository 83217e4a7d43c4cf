// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stands between a client and a server on this machine and can cut the line or make it slow, as a
 * network does: nothing is closed, nothing is lost, it just does not arrive. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

  private static final int CHUNK = 16 << 10;

  private final int target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean cut;
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean closed;

  private TcpProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  }

  /** Begins to forward from a free port to the target port, both on loopback. */
  public static TcpProxy to(int target) {
    try {
      TcpProxy proxy = new TcpProxy(target);
      daemon("tcp-proxy-" + target, proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the port to connect to. */
  public int port() {
    return server.getLocalPort();
  }

  /** Lets nothing through from now on, in either direction. */
  public void cut() {
    setCut(true);
  }

  /** Lets everything through again, what has waited included. */
  public void heal() {
    delay = Duration.ZERO;
    setCut(false);
  }

  /** Holds each piece up for so long, in each direction. */
  public void slow(Duration value) {
    delay = value;
  }

  /** Breaks all connections, as a restarted router does; new ones are forwarded. */
  public void dropConnections() {
    sockets.forEach(TcpProxy::closeQuietly);
  }

  @Override
  public void close() {
    closed = true;
    heal();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      dropConnections();
    }
  }

  private void setCut(boolean value) {
    lock.lock();
    try {
      cut = value;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = server.accept();
        sockets.add(client);
        daemon("tcp-proxy-line", () -> connect(client));
      } catch (IOException e) {
        if (!closed) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void connect(Socket client) {
    try {
      pass();
      Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(upstream);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      daemon("tcp-proxy-back", () -> pump(upstream, client));
      pump(client, upstream);
    } catch (IOException e) {
      // The server is not there: the client finds out the same way as without us.
      end(client);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        pass();
        out.write(chunk, 0, length);
      }
    } catch (IOException e) {
      // One end is gone; so is the other, below.
      end(from);
    }
    end(to);
    end(from);
  }

  /** Waits as long as the line is cut, and then for the delay. */
  private void pass() throws IOException {
    try {
      lock.lockInterruptibly();
      try {
        while (cut) {
          changed.await();
        }
      } finally {
        lock.unlock();
      }
      if (!delay.isZero()) {
        TimeUnit.NANOSECONDS.sleep(delay.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void end(Socket socket) {
    sockets.remove(socket);
    closeQuietly(socket);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
