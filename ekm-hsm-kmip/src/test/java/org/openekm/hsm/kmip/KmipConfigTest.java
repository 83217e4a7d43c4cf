// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.openekm.hsm.kmip.testserver.TestClient;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.KeyBackendProvider;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.kmip.FakeKmipServer;
import org.openekm.testkit.kmip.KmipAuthority;
import org.openekm.testkit.kmip.KmipServerOptions;

/** What the settings say, and what is said of wrong ones. */
class KmipConfigTest {

  private final KmipAuthority authority = new KmipAuthority();
  private final TestClient client = new TestClient(authority, "ekm");

  @Test
  void provider_isFoundByItsName() {
    assertThat(
            ServiceLoader.load(KeyBackendProvider.class).stream()
                .map(provider -> provider.get().name()))
        .contains("kmip");
  }

  @Test
  void nothingSet_namesEverythingThatIsNeeded() {
    assertThat(problems(Map.of()))
        .extracting(ConfigurationProblem::field)
        .contains("host", "tls", "tls.trusted-certificates");
  }

  @Test
  void wrongValues_areAllToldAtOnce() {
    Map<String, String> wrong = new HashMap<>(client.settings());
    wrong.putAll(
        Map.ofEntries(
            Map.entry("port", "70000"),
            Map.entry("profile", "acme"),
            Map.entry("version", "3.0"),
            Map.entry("mode", "local"),
            Map.entry("random", "dice"),
            Map.entry("key-check", "ignore"),
            Map.entry("connections", "0"),
            Map.entry("idle-timeout", "0ms"),
            Map.entry("batch-items", "0"),
            Map.entry("general-failure", "fine"),
            Map.entry("name-prefix", "a b"),
            Map.entry("tls.certificate", "client.pem"),
            Map.entry("tls.key-store-password", "changeit"),
            Map.entry("verify", "false")));

    assertThat(problems(wrong))
        .extracting(ConfigurationProblem::field)
        .containsExactlyInAnyOrder(
            "port",
            "profile",
            "version",
            "mode",
            "random",
            "key-check",
            "connections",
            "idle-timeout",
            "batch-items",
            "general-failure",
            "name-prefix",
            "tls.certificate",
            "tls.key-store-password",
            "verify");
    assertThat(problems(wrong).toString()).as("a secret by mistake").doesNotContain("changeit");
  }

  @Test
  void serversBesideAHost_andWrongOnesAmongThem_areTold() {
    Map<String, String> wrong = new HashMap<>(client.settings());
    wrong.put("servers.0.host", "one");
    wrong.put("servers.0.version", "9");
    wrong.put("servers.1.port", "5696");
    wrong.put("servers.1.profile", "none");

    assertThat(problems(wrong))
        .extracting(ConfigurationProblem::field)
        .containsExactlyInAnyOrder(
            "host", "servers.0.version", "servers.1.host", "servers.1.profile");
  }

  @Test
  void certificateAndKeyStore_together_areOneTooMany() {
    Map<String, String> wrong = new HashMap<>(client.settings());
    wrong.put("tls.key-store", "/nowhere/client.p12");

    assertThat(problems(wrong)).extracting(ConfigurationProblem::field).contains("tls");
  }

  @Test
  void filesThatAreNotThere_areAMatterOfTheCheck() {
    try (KeyBackend backend =
        client.open(1, "tls.certificate", client.folder().resolve("none.pem").toString())) {
      assertThat(backend.check(TestClient.soon()).message())
          .contains("TLS files can't be used")
          .contains("none.pem");
    }
  }

  @Test
  void privateKeyInAnotherForm_isToldWithTheCommandThatHelps() throws Exception {
    java.nio.file.Files.writeString(
        Path.of(client.settings().get("tls.private-key")),
        "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
    try (KeyBackend backend = client.open(1)) {
      assertThat(backend.check(TestClient.soon()).message()).contains("openssl pkcs8 -topk8");
    }
  }

  @Test
  void keyStore_doesInPlaceOfPem() {
    TestCertificate certificate = authority.client("ekm");
    Path store = certificate.writePkcs12(client.folder().resolve("client.p12"), "changeit");
    client.secrets().put("${env:STORE}", "changeit");
    try (FakeKmipServer server = FakeKmipServer.start(authority, KmipServerOptions.right())) {
      Map<String, String> settings = new HashMap<>(client.settings());
      settings.remove("tls.certificate");
      settings.remove("tls.private-key");
      settings.put("tls.key-store", store.toString());
      settings.put("tls.key-store-password", "${env:STORE}");
      settings.put("port", Integer.toString(server.port()));
      try (KeyBackend backend = open(settings)) {
        assertThat(backend.check(TestClient.soon()).healthy()).isTrue();
      }
      client.secrets().put("${env:STORE}", "wrong");
      try (KeyBackend backend = open(settings)) {
        assertThat(backend.check(TestClient.soon()).message()).contains("TLS files can't be used");
      }
    }
  }

  @Test
  void readOnly_andNoImport_areNoFeatures() {
    try (KeyBackend backend = client.open(1, "read-only", "true")) {
      assertThat(backend.capabilities().features()).containsExactly(BackendFeature.RANDOM_BYTES);
    }
    try (KeyBackend backend = client.open(1, "import", "off")) {
      assertThat(backend.capabilities().has(BackendFeature.IMPORT_KEY)).isFalse();
      assertThat(backend.capabilities().has(BackendFeature.GENERATE_KEY)).isTrue();
    }
  }

  @Test
  void everyProfile_isMadeOfSettingsThatExist() {
    for (String name : KmipProfile.NAMES) {
      Map<String, String> settings = new HashMap<>(client.settings());
      settings.putAll(KmipProfile.named(name).orElseThrow().settings());
      settings.put("profile", name);
      try (KeyBackend backend = open(settings)) {
        assertThat(backend.capabilities().maxConcurrentCalls()).as(name).isPositive();
      }
    }
    assertThat(KmipProfile.ofVendor("PyKMIP 0.10.0 Software Server").name()).isEqualTo("pykmip");
    assertThat(KmipProfile.ofVendor("Acme").name()).isEqualTo("generic");
  }

  private KeyBackend open(Map<String, String> settings) {
    return new KmipKeyBackendProvider().create(client.contextOf(settings));
  }

  private List<ConfigurationProblem> problems(Map<String, String> settings) {
    InvalidConfigurationException thrown =
        catchThrowableOfType(InvalidConfigurationException.class, () -> open(settings).close());
    return thrown == null ? List.of() : thrown.problems();
  }
}
