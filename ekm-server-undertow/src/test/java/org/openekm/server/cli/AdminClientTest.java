// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that reach something else than the server, or would carry the credential past it. */
class AdminClientTest {

  private static final String CREDENTIAL = "a-credential-of-more-than-32-characters";

  @TempDir private Path folder;
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private HttpServer stranger;
  private Path credential;

  @BeforeEach
  void start() throws IOException {
    credential = Files.writeString(folder.resolve("credential"), CREDENTIAL);
    stranger = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    stranger.start();
  }

  @AfterEach
  void stop() {
    stranger.stop(0);
  }

  @ParameterizedTest
  @CsvSource({
    "200, ''",
    "200, welcome",
    "200, []",
    "200, \"text\"",
    "202, {}",
    "204, ''",
    "302, ''",
    "302, {}",
    "307, {}",
    "404, ''",
    "500, <html>"
  })
  void block_answeredByAStranger_failsAndSaysThatNothingWasDone(int status, String body)
      throws IOException {
    answering(status, body);
    StringWriter err = new StringWriter();
    int exit =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err, true))
            .execute(
                "key",
                "block",
                "payments/k",
                "--url",
                base().toString(),
                "--credential-file",
                credential.toString());
    assertThat(exit).as(err.toString()).isEqualTo(1);
    assertThat(err.toString()).isNotBlank().doesNotContain(CREDENTIAL, "Exception");
    assertThat(seen).as("a redirect is not followed").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.5:8444",
        "http://kms.example.com:8444",
        "http://127.0.0.1.example.com:8444",
        "http://localhost.example.com:8444",
        "http://[2001:db8::1]:8444",
        "ftp://10.0.0.5/"
      })
  void credential_toAnotherMachineWithoutTls_isNotSent(String url) {
    assertThatThrownBy(() -> AdminClient.of(URI.create(url), credential))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("unprotected");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8444",
        "http://localhost:8444",
        "http://[::1]:8444",
        "https://10.0.0.5:8444"
      })
  void credential_toThisMachineOrOverTls_isAllowed(String url) {
    assertThat(AdminClient.of(URI.create(url), credential)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"port: ${env:PORT}", "port: many", "host: ${env:HOST}", "host: a b"})
  void address_thatOnlyTheServerCanResolve_isRefusedInsteadOfGuessed(String line)
      throws IOException {
    Path config = config("  " + line + "\n  credential: ${file:credential}\n");
    assertThatThrownBy(() -> AdminAddress.read(config))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("is not a plain value");
  }

  @Test
  void address_credentialBelowHere_isFound() throws IOException {
    Path config = config("  port: 9444\n  credential: ${file:${here}/credential}\n");
    AdminAddress address = AdminAddress.read(config);
    assertThat(address.url()).isEqualTo(URI.create("http://127.0.0.1:9444"));
    assertThat(address.credentialFile()).isEqualTo(credential);
  }

  @ParameterizedTest
  @ValueSource(strings = {"999.1.1.1", "10.0.0", "10.0.0.5.6", "12345"})
  void host_mistypedAddress_isNoName(String host) {
    assertThat(HostNames.isValid(host)).isFalse();
  }

  private Path config(String admin) throws IOException {
    return Files.writeString(folder.resolve("ekm.yaml"), "admin:\n" + admin);
  }

  private URI base() {
    return URI.create("http://127.0.0.1:" + stranger.getAddress().getPort());
  }

  private void answering(int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    stranger.createContext(
        "/",
        exchange -> {
          seen.add(exchange.getRequestURI().getPath());
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
