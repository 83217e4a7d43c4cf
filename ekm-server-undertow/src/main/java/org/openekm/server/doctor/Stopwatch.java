// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Calls an address once as OCI does, over a new connection, and takes the time of each part. The
 * certificate and the address in it are checked.
 */
final class Stopwatch {

  private static final int PATIENCE_MILLIS = 5_000;
  private static final int MOST_HEAD = 4_096;
  private static final int HTTPS = 443;

  private final SSLContext trust;

  Stopwatch(SSLContext trust) {
    this.trust = trust;
  }

  /**
   * What a call came to.
   *
   * @param connect until the connection stood
   * @param handshake from there until TLS stood
   * @param answer from there to the answer's first line
   * @param status the answer's HTTP status; 0 if it was no HTTP
   */
  record Lap(Duration connect, Duration handshake, Duration answer, int status) {}

  Lap call(URI url) throws IOException {
    String host = url.getHost().replaceAll("[\\[\\]]", "");
    int port = url.getPort() < 0 ? HTTPS : url.getPort();
    long start = System.nanoTime();
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      long connected = System.nanoTime();
      try (SSLSocket tls =
          (SSLSocket) trust.getSocketFactory().createSocket(plain, host, port, true)) {
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        long secured = System.nanoTime();
        tls.getOutputStream().write(request(url));
        int status = status(tls.getInputStream());
        return new Lap(
            Duration.ofNanos(connected - start),
            Duration.ofNanos(secured - connected),
            Duration.ofNanos(System.nanoTime() - secured),
            status);
      }
    }
  }

  private static byte[] request(URI url) {
    String text =
        "GET "
            + url.getRawPath()
            + " HTTP/1.1\r\nHost: "
            + url.getRawAuthority()
            + "\r\nAccept: application/json\r\nConnection: close\r\n\r\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static int status(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = in.read();
    while (next >= 0 && next != '\n' && line.length() < MOST_HEAD) {
      line.append((char) next);
      next = in.read();
    }
    String[] words = line.toString().split(" ", 3);
    boolean http =
        words.length > 1 && words[0].startsWith("HTTP/1.") && words[1].matches("[0-9]{3}");
    return http ? Integer.parseInt(words[1]) : 0;
  }
}
