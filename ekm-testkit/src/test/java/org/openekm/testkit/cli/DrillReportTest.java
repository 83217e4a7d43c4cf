// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.testkit.drill.DrillResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DrillReportTest {

  private static final DrillResult FAILED =
      new DrillResult(
          List.of("node-2 served key k"), Map.of("rounds", 7L, "latestAnswerOnTheWay", 1.5));

  @TempDir Path folder;

  @Test
  void write_failedDrill_saysSoInTextAndJson() throws Exception {
    new DrillReport(folder.resolve("out"), null).write(FAILED);

    assertThat(folder.resolve("out/drill.txt")).content().contains("FAILED  node-2 served key k");
    JsonNode json =
        JsonMapper.shared().readTree(Files.readString(folder.resolve("out/drill.json")));
    assertThat(json.path("result").asString("")).isEqualTo("FAIL");
    assertThat(json.path("rounds").asInt(0)).isEqualTo(7);
  }

  @Test
  void write_withKey_signatureFitsTheFileAndNoOther() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path key =
        Files.writeString(
            folder.resolve("key.pem"),
            "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n");

    new DrillReport(folder, key).write(FAILED);

    String json = Files.readString(folder.resolve("drill.json"));
    byte[] signature =
        Base64.getDecoder().decode(Files.readString(folder.resolve("drill.json.sig")).strip());
    assertThat(fits(pair, json, signature)).isTrue();
    assertThat(fits(pair, json.replace("FAIL", "PASS"), signature)).isFalse();
  }

  @Test
  void new_keyOfAnotherKind_isRefusedWithTheNextStep() throws Exception {
    Path key = Files.writeString(folder.resolve("key.pem"), "no key at all");

    assertThatThrownBy(() -> new DrillReport(folder, key))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("openssl genpkey");
  }

  private static boolean fits(KeyPair pair, String text, byte[] signature) throws Exception {
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(pair.getPublic());
    verifier.update(text.getBytes(StandardCharsets.UTF_8));
    return verifier.verify(signature);
  }
}
