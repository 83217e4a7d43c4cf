// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.openekm.testkit.fake.Ports;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server in a process of its own that can be killed and started again on the same folder. */
final class CrashedServer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path home;
  private final int port = Ports.free();
  private final int adminPort = Ports.free();
  private final FakeIdentityDomain domain = FakeIdentityDomain.start();
  private final OAuthApp client;
  private HttpClient http;
  private Process process;
  private String credential = "";
  private String vaultUrl = "";

  /** Thrown when the server is not there any more. */
  static final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Gone(Throwable cause) {
      super(cause);
    }
  }

  private CrashedServer(Path home) {
    this.home = home;
    this.client =
        domain.addClientApp("oci", domain.addResourceApp("ekm", "https://127.0.0.1:" + port + "/"));
  }

  static CrashedServer prepare(Path folder) throws Exception {
    CrashedServer server = new CrashedServer(folder.resolve("ekm"));
    Process init =
        server.java(
            "init",
            server.home.toString(),
            "--port",
            Integer.toString(server.port),
            "--admin-port",
            Integer.toString(server.adminPort));
    assertThat(init.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(init.exitValue()).isZero();
    Path config = server.home.resolve("ekm.yaml");
    Files.writeString(config, patient(Files.readString(config)));
    server.credential = Files.readString(server.home.resolve("secrets/admin-credential")).strip();
    server.http = HttpClient.newBuilder().sslContext(server.trust()).build();
    return server;
  }

  /** Here the kill is the fault: a slow disk or a cold start must not refuse a call. */
  private static String patient(String yaml) {
    return yaml.replaceFirst("(?m)^audit:$", "audit:\n  max-wait: 5s")
            .replaceFirst("(?m)^endpoint:$", "endpoint:\n  deadline: 10s")
        + "\ntokens:\n  keys:\n    allow-loopback-http: true\n";
  }

  private Process java(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "org.openekm.server.cli.Main"));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(home.resolveSibling("server.log").toFile()))
        .start();
  }

  private SSLContext trust() throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var in = Files.newInputStream(home.resolve("tls/ca.pem"))) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  /**
   * Starts the process and waits until it answers; once there is an issuer, until it has its keys.
   */
  void start() throws IOException {
    process = java("serve", "--config", home.resolve("ekm.yaml").toString());
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::isReady);
  }

  private String log() {
    try {
      String text = Files.readString(home.resolveSibling("server.log"));
      return text.substring(Math.max(0, text.length() - 3000));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private boolean isReady() throws InterruptedException {
    assertThat(process.isAlive()).as("the server ended: %s", log()).isTrue();
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/health/ready"))
              .build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void addVault() {
    admin(
        "POST",
        "/issuers",
        Map.of("name", "domain", "discoveryUrls", List.of(domain.discoveryUrl().toString())));
    admin("POST", "/tenancies", Map.of("name", "acme", "ocid", "ocid1.tenancy.oc1..aaaaexample"));
    Map<String, Object> vault =
        Map.of(
            "name",
            "v",
            "tenancy",
            "acme",
            "issuer",
            "domain",
            "clientId",
            client.clientId(),
            "host",
            "127.0.0.1",
            "port",
            port);
    vaultUrl = admin("POST", "/vaults", vault).path("externalVaultUrl").asString();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::isReady);
  }

  JsonNode createKey(String name) {
    return admin("POST", "/vaults/v/keys", Map.of("name", name));
  }

  JsonNode importKey(String name) {
    return admin(
        "POST",
        "/vaults/v/keys",
        Map.of("name", name, "material", "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY="));
  }

  JsonNode keyAction(String key, String action) {
    return admin("POST", "/keys/" + key + "/" + action, Map.of());
  }

  JsonNode key(String key) {
    return admin("GET", "/keys/" + key, Map.of());
  }

  JsonNode encrypt(String key, String requestId, String plaintext) {
    HttpResponse<String> response =
        call(key, "encrypt", requestId, "{\"plaintext\":\"" + plaintext + "\"}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  String decrypt(String key, String body) {
    HttpResponse<String> response = call(key, "decrypt", "decrypt-again", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body()).path("plaintext").asString();
  }

  int decryptStatus(String key, String body) {
    return call(key, "decrypt", "decrypt-again", body).statusCode();
  }

  static String decryptBody(JsonNode encrypted) {
    return "{\"ciphertext\":\"%s\",\"iv\":\"%s\",\"tag\":\"%s\"}"
        .formatted(
            encrypted.path("ciphertext").asString(),
            encrypted.path("iv").asString(),
            encrypted.path("tag").asString());
  }

  /** Tries again on 503, as OCI does: a busy machine may be too slow for the call's deadline. */
  private HttpResponse<String> call(String key, String operation, String requestId, String body) {
    AtomicReference<HttpResponse<String>> last = new AtomicReference<>();
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInSameThread()
        .atMost(PATIENCE)
        .until(
            () -> {
              last.set(callOnce(key, operation, requestId, body));
              return last.get().statusCode() != 503;
            });
    return last.get();
  }

  private HttpResponse<String> callOnce(
      String key, String operation, String requestId, String body) {
    return send(
        HttpRequest.newBuilder(URI.create(vaultUrl + "/keys/" + key + "/" + operation))
            .header("Authorization", "Bearer " + domain.token(client).serialize())
            .header("Content-Type", "application/json")
            .header("opc-request-id", requestId)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private JsonNode admin(String method, String path, Map<String, Object> body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/admin/v1" + path))
            .header("Authorization", "Bearer " + credential);
    HttpResponse<String> response =
        send(
            (method.equals("GET")
                    ? request.GET()
                    : request.method(
                        method, BodyPublishers.ofString(JSON.writeValueAsString(body))))
                .build());
    assertThat(response.statusCode()).as(path + " " + response.body()).isBetween(200, 299);
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new Gone(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Gone(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
    domain.close();
  }
}
