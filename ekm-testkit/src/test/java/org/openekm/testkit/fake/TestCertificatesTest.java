// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCertificatesTest {

  private final TestCertificates ca = TestCertificates.create();

  @Test
  void server_isAcceptedByAddressAndByName() throws Exception {
    TestCertificate server = ca.server();

    assertThat(handshake(server, ca.clientContext(), "127.0.0.1")).isEqualTo("RSA");
    assertThat(handshake(server, ca.clientContext(), "localhost")).isEqualTo("RSA");
  }

  @Test
  void ecdsaServer_isAccepted() throws Exception {
    assertThat(handshake(ca.ecdsaServer(), ca.clientContext(), "127.0.0.1")).isEqualTo("EC");
  }

  @Test
  void badServers_areRefused() {
    assertRefused(ca.expired(), ca);
    assertRefused(ca.notYetValid(), ca);
    assertRefused(ca.wrongName(), ca);
    assertRefused(ca.server(), TestCertificates.create());
  }

  @Test
  void pem_holdsChainAndKey(@TempDir Path directory) throws Exception {
    TestCertificate server = ca.server();

    TestCertificate.PemFiles files = server.writePem(directory);

    try (InputStream in = Files.newInputStream(files.certificate())) {
      assertThat(List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in)))
          .isEqualTo(server.chain());
    }
    String body = Files.readString(files.privateKey()).replaceAll("-----[A-Z ]+-----|\\s", "");
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
    assertThat(KeyFactory.getInstance("RSA").generatePrivate(spec))
        .isEqualTo(server.keys().getPrivate());
  }

  @Test
  void pkcs12_opensWithItsPasswordOnly(@TempDir Path directory) throws Exception {
    Path file = ca.server().writePkcs12(directory.resolve("server.p12"), "right");

    assertThat(KeyStore.getInstance(file.toFile(), "right".toCharArray()).isKeyEntry("server"))
        .isTrue();
    assertThatThrownBy(() -> KeyStore.getInstance(file.toFile(), "wrong".toCharArray()))
        .isInstanceOf(IOException.class);
  }

  private static void assertRefused(TestCertificate server, TestCertificates trusted) {
    assertThatThrownBy(() -> handshake(server, trusted.clientContext(), "127.0.0.1"))
        .isInstanceOf(SSLException.class);
  }

  /** Returns the kind of key that the server has shown. */
  private static String handshake(TestCertificate server, SSLContext client, String host)
      throws IOException, GeneralSecurityException {
    try (SSLServerSocket listener =
            (SSLServerSocket)
                server
                    .serverContext()
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket()) {
      CompletableFuture<?> served = CompletableFuture.runAsync(() -> serveOne(listener));
      socket.connect(listener.getLocalSocketAddress(), 5_000);
      SSLSocket named =
          (SSLSocket)
              client.getSocketFactory().createSocket(socket, host, listener.getLocalPort(), true);
      SSLParameters parameters = named.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      named.setSSLParameters(parameters);
      try (named) {
        named.startHandshake();
        return named.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm();
      } finally {
        await().until(served::isDone);
      }
    }
  }

  private static void serveOne(SSLServerSocket listener) {
    try (SSLSocket peer = (SSLSocket) listener.accept()) {
      peer.startHandshake();
      assertThat(peer.getInputStream().read()).isEqualTo(-1);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
