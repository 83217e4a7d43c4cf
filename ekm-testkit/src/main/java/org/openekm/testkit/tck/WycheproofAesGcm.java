// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendException.AuthenticationTagMismatch;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs Project Wycheproof's AES-GCM vectors through a backend that takes keys in. The vectors are
 * not part of the kit: the file {@code aes_gcm_test.json} is looked for in the directory that the
 * system property {@code ekm.test.wycheproof} names, or in a folder for vectors beside or above the
 * working directory.
 */
public final class WycheproofAesGcm {

  private static final String FILE = "aes_gcm_test.json";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private WycheproofAesGcm() {}

  /**
   * How many vectors there were.
   *
   * @param valid run, and right
   * @param invalid run, and refused
   * @param skipped of another size of key, IV or tag than the backend takes
   * @param all in the file
   */
  public record Counts(int valid, int invalid, int skipped, int all) {}

  /** What to print where the vectors are not there. */
  public static final String NOT_FOUND = "Wycheproof AES-GCM: skipped, " + FILE + " was not found";

  /** Returns the file with the vectors. */
  public static Optional<Path> find() {
    String named = System.getProperty("ekm.test.wycheproof");
    if (named != null) {
      return Optional.of(Path.of(named, FILE)).filter(Files::isRegularFile);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve(Path.of("shared", "vectors", "wycheproof", FILE));
      if (Files.isRegularFile(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /**
   * Has the backend decrypt every vector of its sizes.
   *
   * @throws AssertionError if one comes out wrong
   */
  public static Counts run(KeyBackend backend, Path vectors) {
    JsonNode suite = read(vectors);
    int valid = 0;
    int invalid = 0;
    int skipped = 0;
    for (JsonNode group : suite.get("testGroups")) {
      boolean ours =
          group.get("ivSize").asInt() == 96
              && group.get("tagSize").asInt() == 128
              && backend.capabilities().keyLengths().contains(group.get("keySize").asInt() / 8);
      for (JsonNode vector : group.get("tests")) {
        if (!ours) {
          skipped++;
        } else if (vector.get("result").asString().equals("valid")) {
          valid++;
          assertOpens(backend, vector);
        } else {
          invalid++;
          assertRefused(backend, vector);
        }
      }
    }
    return new Counts(valid, invalid, skipped, suite.get("numberOfTests").asInt());
  }

  private static JsonNode read(Path vectors) {
    try {
      return JsonMapper.shared().readTree(Files.readString(vectors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private static Deadline soon() {
    return Deadline.after(LIMIT, NanoClock.system());
  }
}
