// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Where the server listens and which authorities vouch for it. Immutable and thread-safe.
 *
 * @param host name or address
 * @param port the port
 * @param tls trusts the authorities
 */
public record Endpoint(String host, int port, SSLContext tls) {

  /** OCI gives up after half a second to connect ("How External KMS Works"). */
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private static final int HTTPS = 443;

  /** Returns the endpoint that a URL names. */
  public static Endpoint of(URI url, SSLContext tls) {
    return new Endpoint(url.getHost(), url.getPort() < 0 ? HTTPS : url.getPort(), tls);
  }

  /** Connects with the TLS versions that the platform likes best. */
  public RawConnection connect(Duration readLimit) throws IOException {
    return connect(readLimit, new String[0]);
  }

  /**
   * Connects with these TLS versions only, such as {@code TLSv1.2}; the platform's own choice if
   * none is given. The certificate must be for the host.
   */
  public RawConnection connect(Duration readLimit, String... versions) throws IOException {
    Socket plain = new Socket();
    boolean connected = false;
    try {
      plain.setTcpNoDelay(true);
      plain.connect(new InetSocketAddress(host, port), (int) CONNECT_LIMIT.toMillis());
      SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      if (versions.length > 0) {
        socket.setEnabledProtocols(versions);
      }
      socket.setSoTimeout((int) readLimit.toMillis());
      socket.startHandshake();
      connected = true;
      return new RawConnection(socket);
    } finally {
      if (!connected) {
        plain.close();
      }
    }
  }

  /** Returns the value of the Host header. */
  public String authority() {
    return port == HTTPS ? host : host + ":" + port;
  }
}
