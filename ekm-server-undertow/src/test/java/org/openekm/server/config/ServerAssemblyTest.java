// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.core.backend.software.SoftwareKeyBackendProvider;
import org.openekm.server.EkmServer;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.ComponentLoader;
import org.openekm.spi.NamedProvider;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.KeyBackendProvider;
import org.openekm.testkit.fake.TestCertificates;

/** From a file to a server that answers over TLS. */
class ServerAssemblyTest {

  private static final String CREDENTIAL = "a-credential-of-more-than-32-characters";

  private static final String CONFIG =
      """
      endpoint:
        host: 127.0.0.1
        port: 0
        tls:
          certificate: server.crt
          key: server.key
      admin:
        port: 0
        credential: ${file:credential}
      store:
        type: memory
      backends:
        main:
          type: software
          keystore: ${here}/keys.ekm
          kek: ${file:kek}
      audit:
        type: file
        max-wait: 5s
        path: ${here}/audit.log
      """;

  @TempDir private Path folder;
  private final TestCertificates authority = TestCertificates.create();
  private final ComponentLoader services =
      ComponentLoader.ofServiceLoader(ServerAssemblyTest.class.getClassLoader());

  @BeforeEach
  void files() throws IOException {
    authority.server().writePem(folder);
    secret("kek", Base64.getEncoder().encodeToString(new byte[32]));
    secret("credential", CREDENTIAL);
  }

  @Test
  void goodFile_becomesAServerThatAnswersAndStops() throws Exception {
    EkmServer server = assemble(CONFIG, services);
    server.start();
    try (server) {
      HttpResponse<String> refused =
          get("https://127.0.0.1:" + server.port() + "/ekm/v1/vaults/x/metadata");
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("opc-request-id")).isPresent();
      String admin = "http://127.0.0.1:" + server.adminPort().orElseThrow();
      assertThat(get(admin + "/health/ready").body())
          .contains("\"audit\":\"ok\"", "\"store\":\"ok\"", "\"backend.main\":\"ok\"");
      assertThat(get(admin + "/metrics").body())
          .contains("ekm_calls_seconds_count{code=\"TOKEN_MISSING\"");
      assertThat(get(admin + "/anything").body()).isEqualTo("management");
    }
    assertThat(Files.readString(folder.resolve("audit.log")))
        .contains("server.part", "SoftwareKeyBackendProvider", "engine.stop")
        .doesNotContain(CREDENTIAL);
  }

  @Test
  void providers_unknown_areNamedWithTheirLinesAllAtOnce() throws IOException {
    ConfigException failure =
        failure(
            CONFIG
                .replace("type: software", "type: sofware")
                .replace("type: memory", "type: cassandra"),
            services);
    assertThat(failure.problems())
        .extracting(each -> each.line() + " " + each.problem().field())
        .containsExactly("11 store.type", "14 backends.main.type");
    assertThat(failure)
        .hasMessageContaining("did you mean software?")
        .hasMessageContaining("memory");
  }

  @Test
  void providersOwnProblems_getTheirLines() throws IOException {
    ConfigException failure =
        failure(
            CONFIG
                .replace("    keystore:", "    keystor:")
                .replace("  path:", "  max-file-size: 7\n  path:"),
            services);
    assertThat(failure.problems())
        .extracting(each -> each.line() + " " + each.problem().field())
        .contains(
            "13 backends.main.keystore", "15 backends.main.keystor", "20 audit.max-file-size");
  }

  @Test
  void twoProvidersOfOneName_failTheStart() throws IOException {
    ComponentLoader doubled =
        new ComponentLoader() {
          @Override
          public <T extends NamedProvider> List<T> load(Class<T> kind) {
            List<T> found = new ArrayList<>(services.load(kind));
            if (kind == KeyBackendProvider.class) {
              found.add(kind.cast(new Impostor()));
            }
            return found;
          }
        };
    assertThat(failure(CONFIG, doubled))
        .hasMessageContaining("backends.main.type")
        .hasMessageContaining("more than one provider")
        .hasMessageContaining(Impostor.class.getName())
        .hasMessageContaining(SoftwareKeyBackendProvider.class.getName());
  }

  @Test
  void tlsPairThatDoesNotWork_isReportedWithTheRest() throws IOException {
    authority.expired().writePem(folder);
    ConfigException failure = failure(CONFIG.replace("type: memory", "type: nope"), services);
    assertThat(failure.problems())
        .extracting(each -> each.problem().field())
        .containsExactly("endpoint.tls", "store.type");
    assertThat(failure).hasMessageContaining("expired on");
  }

  @Test
  void failedAssembly_letsGoOfTheFilesItHadOpened() throws Exception {
    failure(CONFIG.replace("type: memory", "type: nope"), services);
    EkmServer server = assemble(CONFIG, services);
    server.start();
    server.stop(Duration.ZERO);
  }

  @Test
  void weakCredential_isRefusedWithoutRepeatingIt() throws IOException {
    secret("credential", "hunter2");
    assertThat(failure(CONFIG, services))
        .hasMessageContaining("admin.credential")
        .hasMessageContaining("too short")
        .hasMessageNotContaining("hunter2");
  }

  /** Another backend that calls itself "software". */
  private static final class Impostor implements KeyBackendProvider {

    @Override
    public String name() {
      return "software";
    }

    @Override
    public KeyBackend create(ComponentContext context) {
      throw new AssertionError("must never be asked");
    }
  }

  private EkmServer assemble(String text, ComponentLoader loader) throws IOException {
    Path file = Files.writeString(folder.resolve("ekm.yaml"), text);
    AdminHandlerFactory management =
        (engine, credential) -> {
          if (credential.length() < 32) {
            throw new IllegalArgumentException("is too short");
          }
          return exchange -> exchange.getResponseSender().send("management");
        };
    return new ServerAssembly(loader, management).assemble(new ConfigLoader().load(file));
  }

  private ConfigException failure(String text, ComponentLoader loader) throws IOException {
    ConfigException failure =
        catchThrowableOfType(ConfigException.class, () -> assemble(text, loader));
    assertThat(failure).isNotNull();
    return failure;
  }

  private HttpResponse<String> get(String url) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().sslContext(authority.clientContext()).build();
    return client.send(
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void secret(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.deleteIfExists(file);
    Files.setPosixFilePermissions(
        Files.writeString(file, text), PosixFilePermissions.fromString("rw-------"));
  }
}
