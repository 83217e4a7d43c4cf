// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.SecretBytes;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.server.EkmServer;
import org.openekm.spi.SecretReference;
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
    start(Optional.of(tls), Optional.empty(), InstantSource.system());
  }

  private void start(Optional<TlsConfig> tls, Optional<TlsConfig> adminTls, InstantSource clock) {
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
            .listenOn(EndpointConfig.of(new ListenerConfig("127.0.0.1", 0, tls, limits)))
            .administerOn(new ListenerConfig("127.0.0.1", 0, adminTls, limits))
            .secrets(
                reference -> SecretBytes.copyOf("changeit".getBytes(StandardCharsets.US_ASCII)))
            .clock(clock)
            .build();
    server.start();
  }

  private static TlsConfig pkcs12(Path keystore) {
    return new TlsConfig(
        new TlsConfig.Pkcs12(keystore, SecretReference.parse("${env:PASSWORD}")),
        Duration.ofMillis(100));
  }

  private TestCertificate renewed() {
    return authority.issue(
        TestKeys.newRsa(2048), Duration.ofDays(-1), Duration.ofDays(90), "localhost", "127.0.0.1");
  }

  private String ready() {
    try (RawHttp client = RawHttp.to(server.adminPort().orElseThrow())) {
      return client.send("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n").response();
    }
  }

  /** A greeting that knows nothing newer than the version, with suites of its time. */
  private static byte[] oldHello(int version) {
    byte[] suites = {(byte) 0xc0, 0x13, (byte) 0xc0, 0x14, 0, 0x2f, 0, 0x35};
    ByteBuffer hello = ByteBuffer.allocate(5 + 4 + 2 + 32 + 1 + 2 + suites.length + 2);
    hello.put((byte) 22).putShort((short) version).putShort((short) (hello.capacity() - 5));
    hello.put((byte) 1).put((byte) 0).putShort((short) (hello.capacity() - 9));
    hello.putShort((short) version).put(new byte[32]).put((byte) 0);
    hello.putShort((short) suites.length).put(suites).put((byte) 1).put((byte) 0);
    return hello.array();
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
  void reload_newPkcs12Keystore_isGivenToNewConnectionsWhileOldOnesStay() throws IOException {
    server.stop(Duration.ZERO);
    Path keystore = authority.server().writePkcs12(folder.resolve("server.p12"), "changeit");
    start(Optional.of(pkcs12(keystore)), Optional.empty(), InstantSource.system());
    try (SSLSocket before = connect()) {
      assertThat(ask(before)).isEqualTo(200);
      TestCertificate next = renewed();
      next.writePkcs12(keystore, "changeit");
      Awaitility.await("the timer sees the change")
          .until(() -> presentedToANewClient().equals(next.certificate()));
      assertThat(ask(before)).as("the open connection goes on").isEqualTo(200);
    }
  }

  @Test
  void reload_ofTheAdminListenerAlone_happensToo() throws IOException {
    server.stop(Duration.ZERO);
    Path keystore = authority.server().writePkcs12(folder.resolve("admin.p12"), "changeit");
    start(Optional.empty(), Optional.of(pkcs12(keystore)), InstantSource.system());
    TestCertificate next = renewed();
    next.writePkcs12(keystore, "changeit");
    Awaitility.await("the timer sees the change")
        .until(
            () -> {
              try (SSLSocket socket = connectTo(server.adminPort().orElseThrow())) {
                socket.startHandshake();
                return presented(socket).equals(next.certificate());
              }
            });
  }

  @Test
  void ready_certificateExpiredMeanwhile_is503() {
    server.stop(Duration.ZERO);
    Path keystore = authority.server().writePkcs12(folder.resolve("server.p12"), "changeit");
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    start(Optional.of(pkcs12(keystore)), Optional.empty(), now::get);
    assertThat(ready()).startsWith("HTTP/1.1 200 ").contains("\"tls\":\"ok\"");
    now.set(authority.server().certificate().getNotAfter().toInstant().plusSeconds(1));
    assertThat(ready()).startsWith("HTTP/1.1 503 ").contains("\"tls\":\"failed\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0300, 0x0301, 0x0302})
  void version_old_isRefusedWithAnAlert(int version) throws IOException {
    try (RawHttp client = RawHttp.to(server.port())) {
      byte[] answer =
          client.send(oldHello(version)).untilClosed().getBytes(StandardCharsets.ISO_8859_1);
      assertThat(answer).as("a fatal alert and no handshake").hasSizeGreaterThanOrEqualTo(7);
      assertThat(answer[0]).isEqualTo((byte) 21);
      assertThat(answer[5]).isEqualTo((byte) 2);
    }
    assertThat(askAnew()).isEqualTo(200);
  }

  @Test
  void http2_offeredByAlpn_isNotChosen() throws IOException {
    try (SSLSocket socket = connect()) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      assertThat(ask(socket)).isEqualTo(200);
      assertThat(String.valueOf(socket.getApplicationProtocol())).isNotEqualTo("h2");
    }
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

  private SSLSocket connectTo(int port) throws IOException {
    return (SSLSocket) authority.clientContext().getSocketFactory().createSocket("127.0.0.1", port);
  }
}
