// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/** One TLS connection. Not thread-safe. */
public final class RawConnection implements AutoCloseable {

  private final SSLSocket socket;
  private final AnswerReader reader;
  private long sentAt = System.nanoTime();

  RawConnection(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.reader = new AnswerReader(new java.io.BufferedInputStream(socket.getInputStream()));
  }

  /** Sends bytes as they are. */
  public void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    sentAt = System.nanoTime();
  }

  /**
   * Reads the next answer.
   *
   * @throws ConnectionEnded if there is none within the read limit
   */
  public RawAnswer read() throws IOException {
    return reader.read(sentAt);
  }

  /** Sets how long the next read may take. */
  public void readLimit(Duration limit) throws IOException {
    socket.setSoTimeout((int) Math.max(1, limit.toMillis()));
  }

  /** Returns true if the server closes the connection within the limit without sending more. */
  public boolean closesWithin(Duration limit) throws IOException {
    readLimit(limit);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      // A reset is an end too.
      return true;
    }
  }

  /** Returns the server's own certificate. */
  public X509Certificate certificate() throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  /** Returns the TLS version that was agreed on. */
  public String tlsVersion() {
    return socket.getSession().getProtocol();
  }

  /** Closes without waiting for anything, also beneath a write that is stuck. */
  public void abort() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
