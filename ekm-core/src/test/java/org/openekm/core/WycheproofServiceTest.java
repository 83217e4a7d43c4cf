// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.core.EngineFixture.Answer;
import org.openekm.core.admin.NewKeyCommand;
import org.openekm.core.backend.software.SoftwareKeyBackendProvider;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.Settings;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.store.KeyRecord;
import org.openekm.testkit.fake.TestSecrets;
import org.openekm.testkit.tck.WycheproofAesGcm;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Project Wycheproof's AES-GCM vectors through the whole service: the key imported, the decryption
 * by the endpoint.
 */
class WycheproofServiceTest {

  @TempDir Path folder;

  @Test
  void decrypt_everyVectorOfTheContractsSizes_givesThePlaintextOr400() throws Exception {
    Optional<Path> vectors = WycheproofAesGcm.find();
    if (vectors.isEmpty()) {
      System.out.println(WycheproofAesGcm.NOT_FOUND);
    }
    assumeTrue(vectors.isPresent(), WycheproofAesGcm.NOT_FOUND);
    JsonNode suite = JsonMapper.shared().readTree(Files.readString(vectors.get()));
    int run = 0;
    int skipped = 0;
    try (EngineFixture ekm = new EngineFixture(software())) {
      for (JsonNode group : suite.get("testGroups")) {
        boolean ours = group.get("ivSize").asInt() == 96 && group.get("tagSize").asInt() == 128;
        for (JsonNode vector : group.get("tests")) {
          // An empty ciphertext is no request that the contract has.
          if (ours && !vector.get("ct").asString().isEmpty()) {
            run++;
            check(ekm, vector);
          } else {
            skipped++;
          }
        }
      }
    }
    System.out.println(
        "Wycheproof AES-GCM through the endpoint: run " + run + ", skipped " + skipped);
    assertThat(run).isGreaterThan(100);
  }

  private static void check(EngineFixture ekm, JsonNode vector) {
    String name = "wycheproof-" + vector.get("tcId").asInt();
    KeyRecord key = imported(ekm, name, vector.get("key").asString());
    String body =
        "{\"ciphertext\":\"%s\",\"iv\":\"%s\",\"tag\":\"%s\",\"aad\":\"%s\"}"
            .formatted(
                base64(vector, "ct"),
                base64(vector, "iv"),
                base64(vector, "tag"),
                base64(vector, "aad"));
    Answer answer = ekm.post("/vaults/" + ekm.vault.id() + "/keys/" + key.id() + "/decrypt", body);
    if (vector.get("result").asString().equals("valid")) {
      assertThat(answer.status()).as(name).isEqualTo(200);
      assertThat(answer.text("plaintext")).as(name).isEqualTo(base64(vector, "msg"));
    } else {
      assertThat(answer.status()).as(name).isEqualTo(400);
      assertThat(answer.json().has("plaintext")).as(name).isFalse();
    }
  }

  private static KeyRecord imported(EngineFixture ekm, String name, String hex) {
    byte[] raw = HexFormat.of().parseHex(hex);
    NewKeyCommand command = new NewKeyCommand("payments", name, raw.length, Optional.empty());
    try (SecretBytes material = SecretBytes.adopt(raw)) {
      return ekm.engine.admin().keys().importKey(EngineFixture.ADMIN, command, material).key();
    }
  }

  private static String base64(JsonNode vector, String field) {
    return Base64.getEncoder()
        .encodeToString(HexFormat.of().parseHex(vector.get(field).asString()));
  }

  private KeyBackend software() {
    byte[] kek = "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.US_ASCII);
    TestSecrets secrets =
        new TestSecrets().put("${env:KEK}", Base64.getEncoder().encodeToString(kek));
    Map<String, String> settings =
        Map.of("keystore", folder.resolve("keys").toString(), "kek", "${env:KEK}");
    return new SoftwareKeyBackendProvider()
        .create(
            new ComponentContext(
                "main",
                Settings.of(settings),
                secrets,
                InstantSource.system(),
                NanoClock.system(),
                new SecureRandom(),
                Runnable::run));
  }
}
