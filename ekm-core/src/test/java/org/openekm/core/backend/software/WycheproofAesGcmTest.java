// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.backend.software.SoftwareBackends.soon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.SecretBytes;
import org.openekm.core.WycheproofVectors;
import org.openekm.spi.backend.BackendException.AuthenticationTagMismatch;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs Project Wycheproof's AES-GCM vectors through the backend alone. */
class WycheproofAesGcmTest {

  @TempDir Path directory;

  @Test
  void decrypt_everyVectorOfTheContractsSizes_givesThePlaintextOrATagMismatch() throws Exception {
    Optional<Path> vectors = WycheproofVectors.aesGcm();
    Assumptions.assumeTrue(vectors.isPresent(), "aes_gcm_test.json was not found");
    int valid = 0;
    int invalid = 0;
    int otherSizes = 0;
    JsonNode suite = JsonMapper.shared().readTree(Files.readString(vectors.get()));
    try (KeyBackend backend = SoftwareBackends.open(directory.resolve("keys"))) {
      for (JsonNode group : suite.get("testGroups")) {
        boolean ours = group.get("ivSize").asInt() == 96 && group.get("tagSize").asInt() == 128;
        for (JsonNode vector : group.get("tests")) {
          if (!ours) {
            otherSizes++;
          } else if (vector.get("result").asString().equals("valid")) {
            valid++;
            assertOpens(backend, vector);
          } else {
            invalid++;
            assertRefused(backend, vector);
          }
        }
      }
    }
    System.out.println(
        "Wycheproof AES-GCM: run "
            + valid
            + " valid and "
            + invalid
            + " invalid, skipped "
            + otherSizes
            + " with an IV or tag of other sizes");
    assertThat(valid).isGreaterThan(100);
    assertThat(invalid).isGreaterThan(20);
    assertThat(valid + invalid + otherSizes).isEqualTo(suite.get("numberOfTests").asInt());
  }

  private static void assertOpens(KeyBackend backend, JsonNode vector) {
    BackendKeyRef key = imported(backend, vector);
    try (SecretBytes opened = backend.decrypt(key, sealed(vector), hex(vector, "aad"), soon())) {
      assertThat(Bytes.copyOf(opened.toByteArray())).as(name(vector)).isEqualTo(hex(vector, "msg"));
    }
  }

  private static void assertRefused(KeyBackend backend, JsonNode vector) {
    BackendKeyRef key = imported(backend, vector);
    assertThatThrownBy(() -> backend.decrypt(key, sealed(vector), hex(vector, "aad"), soon()))
        .as(name(vector))
        .isInstanceOf(AuthenticationTagMismatch.class);
  }

  private static BackendKeyRef imported(KeyBackend backend, JsonNode vector) {
    Bytes key = hex(vector, "key");
    KeyVersionId version = new KeyVersionId(UUID.nameUUIDFromBytes(key.toByteArray()));
    try (SecretBytes material = SecretBytes.adopt(key.toByteArray())) {
      return backend.importKey(new NewKey(version, "wycheproof", key.length()), material, soon());
    }
  }

  private static Sealed sealed(JsonNode vector) {
    return new Sealed(hex(vector, "iv"), hex(vector, "ct"), hex(vector, "tag"));
  }

  private static Bytes hex(JsonNode vector, String field) {
    return Bytes.ofHex(vector.get(field).asString());
  }

  private static String name(JsonNode vector) {
    return "tcId " + vector.get("tcId").asInt() + " " + vector.get("comment").asString();
  }
}
