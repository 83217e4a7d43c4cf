// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.stranger;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openekm.api.Bytes;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.fake.TestCertificate.PemFiles;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The stranger's server as a process: an endpoint in Python that shares no code with the kit.
 * Thread-safe.
 */
final class StrangerServer implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");
  private static final long START_SECONDS = 60;

  private final Process process;
  private final String vaultId;
  private final String keyId = UUID.randomUUID().toString();
  private final String otherKeyId = UUID.randomUUID().toString();
  private final String firstVersionId = UUID.randomUUID().toString();
  private final Bytes material = newMaterial();
  private final String controlToken = UUID.randomUUID().toString();
  private final JsonNode ports;

  private StrangerServer(String python, DomainFacts facts, TestCertificate tls, Path directory)
      throws Exception {
    this.vaultId = UUID.randomUUID().toString();
    Path config = directory.resolve("stranger.json");
    Files.writeString(config, JSON.writeValueAsString(config(facts, tls.writePem(directory))));
    Path script =
        Path.of(requireNonNull(StrangerServer.class.getResource("/stranger/stranger.py")).toURI());
    this.process =
        new ProcessBuilder(python, script.toString(), config.toString())
            .redirectError(directory.resolve("stranger.log").toFile())
            .start();
    try {
      this.ports = JSON.readTree(firstLine(process.inputReader()));
    } catch (Exception e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Returns a Python that has the package cryptography, or nothing. */
  public static Optional<String> python() {
    return PYTHONS.stream().filter(StrangerServer::hasCryptography).findFirst();
  }

  /** Starts the server; the files that it needs go into the directory. */
  public static StrangerServer start(
      String python, DomainFacts facts, TestCertificate tls, Path directory) throws Exception {
    return new StrangerServer(python, facts, tls, directory);
  }

  private static boolean hasCryptography(String python) {
    try {
      Process probe =
          new ProcessBuilder(python, "-c", "import cryptography")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return probe.waitFor(START_SECONDS, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String firstLine(BufferedReader reader) throws Exception {
    String line =
        CompletableFuture.supplyAsync(() -> reader.lines().findFirst().orElse(""))
            .get(START_SECONDS, TimeUnit.SECONDS);
    if (line.isEmpty()) {
      throw new IOException("the stranger's server ended; see stranger.log");
    }
    return line;
  }

  private Map<String, Object> config(DomainFacts facts, PemFiles files) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("certificate", files.certificate().toString());
    config.put("private_key", files.privateKey().toString());
    config.put("jwks_url", facts.jwksUrl().toString());
    config.put("issuers", facts.issuers());
    config.put("tenant_issuer", facts.tenantIssuer());
    config.put("audience", facts.audience());
    config.put("client_id", facts.clientId());
    config.put("scope", facts.scope());
    config.put("vault_id", vaultId);
    config.put("control_token", controlToken);
    String other = UUID.randomUUID().toString();
    config.put(
        "keys",
        Map.of(keyId, key(firstVersionId, material), otherKeyId, key(other, newMaterial())));
    return config;
  }

  private static Bytes newMaterial() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Bytes.adopt(bytes);
  }

  private static Map<String, String> key(String version, Bytes material) {
    String text = Base64.getEncoder().encodeToString(material.toByteArray());
    return Map.of("version", version, "material", text);
  }

  /** Returns the external vault URL. */
  public URI vaultUrl() {
    return URI.create(
        "https://127.0.0.1:" + ports.path("port").asInt() + "/ekm/v1/vaults/" + vaultId);
  }

  /** Returns the key that checks use. */
  public String keyId() {
    return keyId;
  }

  /** Returns a second key of the vault. */
  public String otherKeyId() {
    return otherKeyId;
  }

  /** Returns the first version of {@link #keyId()}. */
  public String firstVersionId() {
    return firstVersionId;
  }

  /** Returns the material of the first version. */
  public Bytes material() {
    return material;
  }

  /** Returns the URL of an action: {@code vault/block} or {@code keys/<id>/rotate}. */
  public URI control(String action) {
    return URI.create("http://127.0.0.1:" + ports.path("control_port").asInt() + "/" + action);
  }

  /** Returns the bearer token for the control endpoint. */
  public String controlToken() {
    return controlToken;
  }

  /** Does an action and returns the status of the answer. */
  public int act(String action) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(control(action))
            .header("Authorization", "Bearer " + controlToken)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
