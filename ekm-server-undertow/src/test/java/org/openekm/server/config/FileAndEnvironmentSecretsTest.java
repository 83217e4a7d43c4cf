// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.SecretBytes;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretUnavailableException;

class FileAndEnvironmentSecretsTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "secret,secret",
    "'secret\n',secret",
    "'secret\r\n',secret",
    "'secret\n\n','secret\n'"
  })
  void file_losesOneLineFeedAtItsEnd(String content, String expected) throws IOException {
    write(content, "rw-------");
    try (SecretBytes secret = resolve("${file:pin}")) {
      assertThat(new String(secret.toByteArray(), StandardCharsets.UTF_8)).isEqualTo(expected);
    }
  }

  @Test
  void file_isReadAnewEachTime() throws IOException {
    write("old", "rw-------");
    resolve("${file:pin}").close();
    write("new", "rw-------");
    try (SecretBytes secret = resolve("${file:pin}")) {
      assertThat(secret.toByteArray()).isEqualTo("new".getBytes(StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw-----w-"})
  void file_openToEverybody_isRefused(String modes) throws IOException {
    write("secret", modes);
    assertThatThrownBy(() -> resolve("${file:pin}"))
        .isInstanceOf(SecretUnavailableException.class)
        .hasMessageContaining("chmod")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--r-----", "r--------"})
  void file_openToOwnerOrGroup_isRead(String modes) throws IOException {
    write("secret", modes);
    try (SecretBytes secret = resolve("${file:pin}")) {
      assertThat(secret.length()).isEqualTo(6);
    }
  }

  @Test
  void file_tooLarge_isRefused() throws IOException {
    write("x".repeat(70_000), "rw-------");
    assertThatThrownBy(() -> resolve("${file:pin}")).hasMessageContaining("64 KiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"${file:missing}", "${env:MISSING}", "${env:EMPTY}"})
  void absentOrEmpty_isRefusedByName(String reference) {
    assertThatThrownBy(() -> resolve(reference))
        .isInstanceOf(SecretUnavailableException.class)
        .hasMessageStartingWith(reference);
  }

  @Test
  void environment_isRead() {
    try (SecretBytes secret = resolve("${env:PIN}")) {
      assertThat(secret.toByteArray()).isEqualTo("1234".getBytes(StandardCharsets.UTF_8));
    }
  }

  private SecretBytes resolve(String reference) {
    Map<String, String> environment = Map.of("PIN", "1234", "EMPTY", "");
    return new FileAndEnvironmentSecrets(folder, environment::get)
        .resolve(SecretReference.parse(reference));
  }

  private void write(String text, String modes) throws IOException {
    Path file = folder.resolve("pin");
    Files.deleteIfExists(file);
    Files.setPosixFilePermissions(
        Files.writeString(file, text), PosixFilePermissions.fromString(modes));
  }
}
