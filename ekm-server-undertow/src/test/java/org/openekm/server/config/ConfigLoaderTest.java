// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.core.backend.ResilienceConfig;
import org.openekm.server.EkmServerConfig;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.TlsConfig;

class ConfigLoaderTest {

  private static final String MINIMAL =
      """
      endpoint:
        tls:
          certificate: server.crt
          key: server.key
      store:
        type: sqlite
        path: ${here}/ekm.db
      backends:
        main:
          type: software
          keystore: keys.json
          kek: ${file:kek}
      audit:
        type: file
        path: audit.log
      """;

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void files() {
    write("server.crt", "certificate");
    write("server.key", "key");
    secret("kek", "top secret");
  }

  @Test
  void minimalFile_isCompletedWithTheDefaults() {
    EkmServerConfig config = load(MINIMAL).config();
    EndpointConfig endpoint = config.endpoint();
    assertThat(endpoint.listener().host()).isEqualTo("0.0.0.0");
    assertThat(endpoint.listener().port()).isEqualTo(8443);
    assertThat(endpoint.mounts()).containsExactly("/ekm/v1", "/api/v1/cckm/oci/ekm/v1");
    assertThat(endpoint.deadline()).isEqualTo(Duration.ofMillis(700));
    assertThat(endpoint.listener().limits().request().bodyBytes()).isEqualTo(262_144);
    assertThat(config.admin()).isPresent();
    assertThat(config.admin().get().listener().host()).isEqualTo("127.0.0.1");
    assertThat(config.store().stalenessBound()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.policy().type()).isEqualTo("rules");
    assertThat(config.wire().profile()).isEqualTo("oci-default");
    assertThat(config.tokens().clockSkew()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.tokens().keys().staleBound()).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void providerSettings_arePassedOnWithTheirReferences() {
    EkmServerConfig config = load(MINIMAL).config();
    assertThat(config.store().component().settings())
        .containsExactly(Map.entry("path", folder.resolve("ekm.db").toString()));
    assertThat(config.backends().get("main").component().settings())
        .containsOnly(Map.entry("keystore", "keys.json"), Map.entry("kek", "${file:kek}"));
  }

  @Test
  void providerSettings_nestedAndLists_becomeDottedKeys() {
    EkmServerConfig config =
        load(MINIMAL.replace("keystore: keys.json", "pool:\n      size: 4\n    slots: [1, 2]"))
            .config();
    assertThat(config.backends().get("main").component().settings())
        .contains(
            Map.entry("pool.size", "4"), Map.entry("slots.0", "1"), Map.entry("slots.1", "2"));
  }

  @Test
  void backendsThatGiveUpByThemselves_runOnTheCaller_othersOnThePool() {
    EkmServerConfig config =
        load(MINIMAL.replace(
                "audit:\n", "  hsm:\n    type: pkcs11\n  other:\n    type: kmip\naudit:\n"))
            .config();
    assertThat(config.backends().get("main").resilience().threading())
        .isEqualTo(ResilienceConfig.Threading.CALLER);
    assertThat(config.backends().get("hsm").resilience().threading())
        .isEqualTo(ResilienceConfig.Threading.CALLER);
    assertThat(config.backends().get("other").resilience().threading())
        .isEqualTo(ResilienceConfig.Threading.POOL);
    assertThat(config.backends().keySet()).containsExactly("main", "hsm", "other");
  }

  @Test
  void relativeTlsPaths_beginAtTheFolderOfTheFile() {
    TlsConfig tls = load(MINIMAL).config().endpoint().listener().tls().orElseThrow();
    assertThat(tls.source()).isInstanceOf(TlsConfig.Pem.class);
    assertThat(((TlsConfig.Pem) tls.source()).key()).isEqualTo(folder.resolve("server.key"));
  }

  @Test
  void environmentAndFileReferences_standForPlainValuesToo() {
    environment.put("EKM_PORT", "9443");
    write("host.txt", "10.1.2.3\n");
    EkmServerConfig config =
        load(MINIMAL.replace(
                "endpoint:\n", "endpoint:\n  port: ${env:EKM_PORT}\n  host: ${file:host.txt}\n"))
            .config();
    assertThat(config.endpoint().listener().port()).isEqualTo(9443);
    assertThat(config.endpoint().listener().host()).isEqualTo("10.1.2.3");
  }

  @Test
  void problems_areReportedAllAtOnceWithTheirLines() {
    String text =
        """
        endpoint:
          prot: 8443
          port: many
          deadline: 3h
          tls:
            certificate: server.crt
        store:
          path: x
        backends:
          main:
            type: software
            kek: ${file:missing}
        audit:
          type: file
          max-wait: 50
        admin:
          credential: hunter2
        wire:
          max-random: 5000
        """;
    List<LocatedProblem> problems = problems(text);
    assertThat(problems)
        .extracting(each -> each.line() + " " + each.problem().field())
        .containsExactly(
            "2 endpoint.prot",
            "3 endpoint.port",
            "4 endpoint.deadline",
            "5 endpoint.tls.key",
            "7 store.type",
            "12 backends.main.kek",
            "15 audit.max-wait",
            "17 admin.credential",
            "19 wire.max-random");
  }

  @Test
  void unknownSetting_isAnsweredWithTheNearestName() {
    assertThat(problems(MINIMAL.replace("certificate:", "certifcate:")))
        .anySatisfy(
            each -> {
              assertThat(each.line()).isEqualTo(3);
              assertThat(each.column()).isEqualTo(5);
              assertThat(each.toString())
                  .isEqualTo(
                      "line 3, column 5: endpoint.tls.certifcate is not a known setting; did you mean certificate?");
            });
  }

  @Test
  void secretWrittenInPlace_isRefusedAndNeverRepeated() {
    ConfigException failure = failure(MINIMAL + "admin:\n  credential: hunter2\n");
    assertThat(failure)
        .hasMessageContaining("line 17")
        .hasMessageContaining("admin.credential")
        .hasMessageContaining("not the secret itself")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void settingTwice_isRefusedWithBothLines() {
    assertThat(problems(MINIMAL.replace("  type: sqlite\n", "  type: sqlite\n  type: memory\n")))
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.toString())
                    .startsWith("line 7, column 3: store.type is there twice, first on line 6"));
  }

  @Test
  void brokenYaml_isReportedWithItsPlace() {
    assertThat(problems("endpoint:\n  host: \"unclosed\n"))
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.line()).isPositive())
        .anySatisfy(each -> assertThat(each.problem().problem()).contains("can't be read as YAML"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"- a\n- b\n", "just text\n"})
  void noMapping_isRefused(String text) {
    assertThat(problems(text))
        .anySatisfy(
            each -> assertThat(each.problem().problem()).contains("must consist of settings"));
  }

  @Test
  void emptyFile_namesEverythingThatIsMissing() {
    assertThat(problems(""))
        .extracting(each -> each.problem().field())
        .containsExactlyInAnyOrder("endpoint.tls", "store.type", "backends", "audit.type");
  }

  @Test
  void aliases_areRefused() {
    assertThat(problems(MINIMAL + "admin: &a\n  host: 127.0.0.1\nwire:\n  profile: *a\n"))
        .anySatisfy(each -> assertThat(each.problem().problem()).contains("alias"));
  }

  @Test
  void deepNesting_isRefused() {
    assertThat(problems("a: " + "[".repeat(500) + "]".repeat(500) + "\n")).isNotEmpty();
  }

  @Test
  void valueOfTheWrongShape_isRefused() {
    assertThat(
            problems(
                MINIMAL.replace("  tls:\n", "  host: [a]\n  limits: 5\n  mounts: /x\n  tls:\n")))
        .extracting(each -> each.problem().field())
        .containsExactly("endpoint.host", "endpoint.limits", "endpoint.mounts");
  }

  @Test
  void unsetVariable_isNamed() {
    assertThat(problems(MINIMAL.replace("endpoint:\n", "endpoint:\n  port: ${env:NOPE}\n")))
        .singleElement()
        .satisfies(each -> assertThat(each.problem().problem()).contains("NOPE", "not set"));
  }

  @Test
  void halfAReference_isRefused() {
    assertThat(problems(MINIMAL.replace("keys.json", "/a/${env:HOME}/b")))
        .singleElement()
        .satisfies(each -> assertThat(each.problem().field()).isEqualTo("backends.main.keystore"));
  }

  @Test
  void secretFile_readableByEverybody_isRefused() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("kek"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(problems(MINIMAL))
        .singleElement()
        .satisfies(
            each -> assertThat(each.problem().problem()).contains("${file:kek}", "chmod o-rwx"));
  }

  @Test
  void secretFile_empty_isRefused() {
    secret("kek", "\n");
    assertThat(problems(MINIMAL))
        .singleElement()
        .satisfies(each -> assertThat(each.problem().problem()).contains("is empty"));
  }

  @Test
  void plainHttp_onlyWhenAllowed() {
    String without = MINIMAL.replaceFirst("(?s)endpoint:.*?store:", "store:");
    assertThat(problems(without))
        .singleElement()
        .satisfies(each -> assertThat(each.problem().field()).isEqualTo("endpoint.tls"));
    EkmServerConfig config = load("endpoint:\n  allow-plain-http: true\n" + without).config();
    assertThat(config.endpoint().listener().tls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "10.0.0.5", "::", "kms.example.com", "127.0.0.1.example.com"})
  void management_forOtherMachinesWithoutTls_isRefused(String host) {
    secret("credential", "a-credential-of-more-than-32-characters");
    String admin = "admin:\n  host: \"" + host + "\"\n";
    assertThat(problems(MINIMAL + admin + "  credential: ${file:credential}\n"))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.problem().field()).isEqualTo("admin.host");
              assertThat(each.line()).isEqualTo(17);
            });
    assertThat(load(MINIMAL + admin).config().admin()).as("health and metrics only").isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "localhost"})
  void management_forThisMachineOnly_isAllowed(String host) {
    secret("credential", "a-credential-of-more-than-32-characters");
    assertThat(
            load(MINIMAL + "admin:\n  host: \"" + host + "\"\n  credential: ${file:credential}\n")
                .config()
                .admin())
        .isPresent();
  }

  @Test
  void management_forOtherMachinesWithTls_isAllowed() {
    secret("credential", "a-credential-of-more-than-32-characters");
    String admin =
        "admin:\n  host: 0.0.0.0\n  credential: ${file:credential}\n  tls:\n"
            + "    certificate: server.crt\n    key: server.key\n";
    assertThat(load(MINIMAL + admin).config().admin()).isPresent();
  }

  @Test
  void secondDocument_isRefused_soThatNothingIsIgnoredSilently() {
    assertThat(problems(MINIMAL + "---\nadmin:\n  enabled: false\n"))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.line()).isGreaterThan(15);
              assertThat(each.problem().problem()).contains("second document");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://10.0.0.5", "httpx://10.0.0.5", "ftp://10.0.0.5", "10.0.0.5:8443"})
  void url_notHttps_isRefused(String url) {
    assertThat(problems(MINIMAL.replace("endpoint:\n", "endpoint:\n  url: " + url + "\n")))
        .singleElement()
        .satisfies(each -> assertThat(each.problem().field()).isEqualTo("endpoint.url"));
  }

  @Test
  void mount_withoutSlash_isRefused() {
    assertThat(problems(MINIMAL.replace("endpoint:\n", "endpoint:\n  mounts: [ekm/v1]\n")))
        .singleElement()
        .satisfies(each -> assertThat(each.line()).isEqualTo(2));
  }

  @Test
  void url_withAPath_isRefused() {
    assertThat(problems(MINIMAL.replace("endpoint:\n", "endpoint:\n  url: https://10.0.0.5/ekm\n")))
        .singleElement()
        .satisfies(each -> assertThat(each.problem().field()).isEqualTo("endpoint.url"));
  }

  @Test
  void file_missing_isOneClearProblem() {
    ConfigException failure =
        catchThrowableOfType(
            ConfigException.class, () -> new ConfigLoader().load(folder.resolve("nope.yaml")));
    assertThat(failure).hasMessageContaining("nope.yaml").hasMessageContaining("can't be read");
  }

  @Test
  void toString_ofTheWholeConfiguration_holdsNoSecret() {
    assertThat(load(MINIMAL).config().toString())
        .contains("${file:kek}")
        .doesNotContain("top secret");
  }

  private LoadedConfig load(String text) {
    return new ConfigLoader(environment::get).load(write("ekm.yaml", text));
  }

  private List<LocatedProblem> problems(String text) {
    return failure(text).problems();
  }

  private ConfigException failure(String text) {
    ConfigException failure = catchThrowableOfType(ConfigException.class, () -> load(text));
    assertThat(failure).isNotNull();
    return failure;
  }

  private void secret(String name, String text) {
    try {
      Files.setPosixFilePermissions(
          write(name, text), PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
