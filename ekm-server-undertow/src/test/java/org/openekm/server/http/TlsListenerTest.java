// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.server.EkmServer;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.fake.TestKeys;

/** TLS over real sockets. */
class TlsListenerTest {

  @TempDir private Path folder;
  private final TestCertificates authority = TestCertificates.create();
  private TestCertificate.PemFiles files;
  private EkmServer server;

  @BeforeEach
  void start() {
    files = authority.server().writePem(folder);
    TlsConfig tls =
        new TlsConfig(
            new TlsConfig.Pem(files.certificate(), files.privateKey(), Optional.empty()),
            Duration.ofMillis(100));
    HttpLimits usual = HttpLimits.defaults();
    HttpLimits limits =
        new HttpLimits(
            usual.request(),
            new HttpLimits.Connections(500, 500, Duration.ofSeconds(1), Duration.ofSeconds(2)),
            usual.work());
    server =
        EkmServer.builder()
            .endpoint(
                (request, deadline) ->
                    new EkmResponse(200, Map.of(), "{}".getBytes(StandardCharsets.UTF_8)))
            .listenOn(
                EndpointConfig.of(new ListenerConfig("127.0.0.1", 0, Optional.of(tls), limits)))
            .build();
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void version_current_isSpoken(String version) throws IOException {
    try (SSLSocket socket = connect()) {
      socket.setEnabledProtocols(new String[] {version});
      assertThat(ask(socket)).isEqualTo(200);
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
    }
  }

  @Test
  void cipherSuite_withoutForwardSecrecy_isRefused() throws IOException {
    try (SSLSocket socket = connect()) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(
          new String[] {
            "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"
          });
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
    assertThat(askAnew()).isEqualTo(200);
  }

  @Test
  void plainHttp_toTheTlsPort_isNotAnswered() {
    try (RawHttp client = RawHttp.to(server.port())) {
      assertThat(client.send(TestServer.post("{}")).untilClosed()).doesNotContain("200 OK");
    }
    assertThat(askAnew()).isEqualTo(200);
  }

  @Test
  void reload_newCertificate_isGivenToNewConnectionsWhileOldOnesStay() throws IOException {
    try (SSLSocket before = connect()) {
      assertThat(ask(before)).isEqualTo(200);
      X509Certificate old = presented(before);
      TestCertificate next =
          authority.issue(
              TestKeys.newRsa(2048),
              Duration.ofDays(-1),
              Duration.ofDays(90),
              "localhost",
              "127.0.0.1");
      Files.writeString(files.certificate(), next.chainPem());
      Files.writeString(files.privateKey(), next.privateKeyPem());
      Awaitility.await("the timer sees the change")
          .until(() -> !presentedToANewClient().equals(old));
      assertThat(presentedToANewClient()).isEqualTo(next.certificate());
      assertThat(ask(before)).as("the open connection goes on").isEqualTo(200);
    }
  }

  @Test
  void reload_expiredCertificate_leavesTheOldInUse() throws IOException {
    X509Certificate old = presentedToANewClient();
    TestCertificate expired = authority.expired();
    Files.writeString(files.certificate(), expired.chainPem());
    Files.writeString(files.privateKey(), expired.privateKeyPem());
    assertThat(server.reloadTls()).containsExactly(TlsContext.Reload.REFUSED);
    assertThat(presentedToANewClient()).isEqualTo(old);
  }

  @Test
  void session_isResumed() throws IOException {
    var context = authority.clientContext();
    byte[] first;
    try (SSLSocket socket = connect(context)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThat(ask(socket)).isEqualTo(200);
      first = socket.getSession().getId();
    }
    try (SSLSocket socket = connect(context)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThat(ask(socket)).isEqualTo(200);
      assertThat(socket.getSession().getId()).isEqualTo(first);
    }
  }

  @Test
  void handshakes_thatNeverGoOn_areClosedAndHarmNobody() {
    List<RawHttp> silent = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      silent.add(RawHttp.to(server.port()).send(new byte[] {22, 3, 1, 2, 0, 1}));
    }
    assertThat(askAnew()).isEqualTo(200);
    assertThat(silent).allSatisfy(client -> assertThat(client.untilClosed()).isEmpty());
  }

  @Test
  void garbage_insteadOfAHandshake_isClosed() {
    try (RawHttp client = RawHttp.to(server.port())) {
      assertThat(client.send(new byte[20_000]).untilClosed()).doesNotContain("HTTP");
    }
    assertThat(askAnew()).isEqualTo(200);
  }

  private int askAnew() {
    try (SSLSocket socket = connect()) {
      return ask(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private X509Certificate presentedToANewClient() throws IOException {
    try (SSLSocket socket = connect()) {
      socket.startHandshake();
      return presented(socket);
    }
  }

  private static X509Certificate presented(SSLSocket socket) throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  @SuppressWarnings("resource") // the caller closes the socket
  private static int ask(SSLSocket socket) {
    return RawHttp.status(new RawHttp(socket).send(TestServer.post("{}")).response());
  }

  private SSLSocket connect() throws IOException {
    return connect(authority.clientContext());
  }

  private SSLSocket connect(javax.net.ssl.SSLContext context) throws IOException {
    return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
  }
}
