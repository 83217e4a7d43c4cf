// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.openekm.testkit.conformance.http.Endpoint;
import org.openekm.testkit.fake.LoopbackTlsServer;
import org.openekm.testkit.fake.TestCertificates;

/**
 * A server whose times are known: it answers each GET after a fixed time, and stalls altogether for
 * a while in every period. The truth that a load generator has to find.
 *
 * <p>Thread-safe; {@link #close()} frees the port and ends the threads.
 */
final class KnownServer implements AutoCloseable {

  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_END = 0x0D0A0D0A;

  private final long serviceNanos;
  private final long stallNanos;
  private final long periodNanos;
  private final long startedAt = System.nanoTime();
  private final LoopbackTlsServer server;
  private final SSLContext trust;

  KnownServer(Duration service, Duration stall, Duration period) throws IOException {
    this.serviceNanos = service.toNanos();
    this.stallNanos = stall.toNanos();
    this.periodNanos = period.toNanos();
    TestCertificates authority = TestCertificates.create();
    this.trust = authority.clientContext();
    this.server = new LoopbackTlsServer(authority.server().serverContext(), this::serve);
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", server.port(), trust);
  }

  /**
   * Returns the true latency in milliseconds at a percentile, for requests spread evenly over time.
   * A share of them falls into stalls and waits for the rest of one.
   */
  double truth(double percentile) {
    double share = stallNanos / (double) periodNanos;
    double above = 1 - percentile / 100;
    double waited = above >= share ? 0 : stallNanos * (1 - above / share);
    return (serviceNanos + waited) / 1e6;
  }

  private void serve(Socket connection) throws IOException {
    InputStream in = connection.getInputStream();
    OutputStream out = connection.getOutputStream();
    while (readRequest(in)) {
      waitUntil(answerAt(System.nanoTime()));
      out.write(ANSWER);
      out.flush();
    }
  }

  /** The stall comes at the end of each period. */
  private long answerAt(long now) {
    long within = (now - startedAt) % periodNanos;
    long stallBegins = periodNanos - stallNanos;
    long resumed = within < stallBegins ? now : now + periodNanos - within;
    return resumed + serviceNanos;
  }

  private static void waitUntil(long time) {
    for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static boolean readRequest(InputStream in) throws IOException {
    int last = 0;
    while (last != HEADER_END) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      last = (last << 8) | next;
    }
    return true;
  }

  @Override
  public void close() {
    server.close();
  }
}
