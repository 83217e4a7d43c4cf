// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.backend.software.SoftwareBackends.newKey;
import static org.openekm.core.backend.software.SoftwareBackends.soon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.core.internal.io.KilledProcess;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException.Misconfigured;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;

/** The keystore file under attack and under {@code kill -9}. */
@Timeout(120)
class KeystoreTest {

  /**
   * Header, key count, and one key of 16 bytes with the label "test" and its tag, then the file's
   * own code.
   */
  private static final int ENTRY_BYTES = 16 + 2 + 4 + 8 + 4 + 12 + 16 + 16;

  private static final int HEADER_BYTES = 8 + 4 + 16 + 32 + 8 + 4;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void path() {
    file = directory.resolve("keys");
  }

  @Test
  void open_wrongKek_saysSo() {
    SoftwareBackends.open(file).close();

    assertThatThrownBy(() -> SoftwareBackends.open(file, SoftwareBackends.kek(2)))
        .isInstanceOf(Misconfigured.class)
        .hasMessageContaining("was made with another key-encryption key")
        .hasMessageContaining(file.toString());
  }

  @Test
  void open_everySingleByteFlipped_isRefused() throws Exception {
    makeKeys(1);
    byte[] good = Files.readAllBytes(file);
    assertThat(good).hasSize(HEADER_BYTES + ENTRY_BYTES + 32);

    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      Files.write(file, bad);
      assertThatThrownBy(() -> SoftwareBackends.open(file))
          .as("byte %d", i)
          .isInstanceOf(Misconfigured.class);
    }
  }

  @Test
  void open_cutAtEveryLength_isRefused() throws Exception {
    makeKeys(1);
    byte[] good = Files.readAllBytes(file);

    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThatThrownBy(() -> SoftwareBackends.open(file))
          .as("%d bytes", length)
          .isInstanceOf(Misconfigured.class);
    }
  }

  @Test
  void open_entryDropped_isRefused() throws Exception {
    makeKeys(2);
    byte[] good = Files.readAllBytes(file);
    byte[] bad = new byte[good.length - ENTRY_BYTES];
    System.arraycopy(good, 0, bad, 0, HEADER_BYTES);
    bad[HEADER_BYTES - 1] = 1;
    System.arraycopy(
        good, HEADER_BYTES + ENTRY_BYTES, bad, HEADER_BYTES, bad.length - HEADER_BYTES);
    Files.write(file, bad);

    assertThatThrownBy(() -> SoftwareBackends.open(file))
        .hasMessageContaining("changed or damaged");
  }

  @Test
  void open_twoWrappedKeysExchanged_isRefusedEvenByTheEntriesThemselves() throws Exception {
    makeKeys(2);
    byte[] content = Files.readAllBytes(file);
    int wrapped = 12 + 16 + 16;
    int first = HEADER_BYTES + ENTRY_BYTES - wrapped;
    int second = first + ENTRY_BYTES;
    byte[] kept = Arrays.copyOfRange(content, first, first + wrapped);
    System.arraycopy(content, second, content, first, wrapped);
    System.arraycopy(kept, 0, content, second, wrapped);
    byte[] salt = KeystoreFormat.salt(content);
    try (SecretBytes kek =
            SecretBytes.adopt(java.util.Base64.getDecoder().decode(SoftwareBackends.KEK));
        KekKeys keys = new KekKeys(kek, salt)) {
      int body = content.length - 32;
      System.arraycopy(keys.mac(content, body), 0, content, body, 32);
    }
    Files.write(file, content);

    assertThatThrownBy(() -> SoftwareBackends.open(file))
        .hasMessageContaining("an entry that can't be read");
  }

  @Test
  void open_newerFormat_saysSo() throws Exception {
    SoftwareBackends.open(file).close();
    byte[] content = Files.readAllBytes(file);
    content[11] = 2;
    Files.write(file, content);

    assertThatThrownBy(() -> SoftwareBackends.open(file)).hasMessageContaining("has format 2");
  }

  @Test
  void open_foreignFile_isRefusedAndLeftAlone() throws Exception {
    Files.writeString(file, "x".repeat(500));

    assertThatThrownBy(() -> SoftwareBackends.open(file)).hasMessageContaining("is not a keystore");
    assertThat(file).hasContent("x".repeat(500));
  }

  @Test
  void open_twoServersOnOneFile_theSecondIsRefused() {
    KeyBackend first = SoftwareBackends.open(file);

    assertThatThrownBy(() -> SoftwareBackends.open(file))
        .isInstanceOf(Misconfigured.class)
        .hasMessageContaining("in use by another server");
    first.close();
    SoftwareBackends.open(file).close();
  }

  @Test
  void open_newFile_onlyTheOwnerCanReadItAndNoKeyIsInIt() throws Exception {
    byte[] material = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    try (KeyBackend backend = SoftwareBackends.open(file)) {
      backend.importKey(newKey(16), SecretBytes.copyOf(material), soon());
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String content = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(content).doesNotContain("0123456789abcdef");
  }

  @Test
  void open_halfWrittenNextFileLeftOver_isIgnored() throws Exception {
    List<BackendKeyRef> keys = makeKeys(1);
    Files.writeString(directory.resolve("keys.next"), "half");

    try (KeyBackend backend = SoftwareBackends.open(file)) {
      assertThat(backend.inspectKey(keys.get(0), soon()).lengthBytes()).isEqualTo(16);
      backend.generateKey(newKey(16), soon());
    }
    assertThat(directory.resolve("keys.next")).doesNotExist();
  }

  @Test
  void generateKey_processKilledAtAnyMoment_losesNoAcknowledgedKey() throws Exception {
    for (int round = 0; round < 6; round++) {
      List<String> answers =
          KilledProcess.run(Generator.class, List.of(file.toString()), 5 + 7 * round);
      try (KeyBackend backend = SoftwareBackends.open(file)) {
        for (String answer : answers) {
          String[] parts = answer.split(" ");
          BackendCiphertext sealed =
              new BackendCiphertext(bytes(parts[1]), bytes(parts[2]), bytes(parts[3]));
          assertThat(SoftwareBackends.decrypt(backend, new BackendKeyRef(parts[0]), sealed))
              .isEqualTo("secret");
        }
      }
    }
  }

  private List<BackendKeyRef> makeKeys(int count) {
    List<BackendKeyRef> keys = new ArrayList<>();
    try (KeyBackend backend = SoftwareBackends.open(file)) {
      for (int i = 0; i < count; i++) {
        keys.add(backend.generateKey(newKey(16), soon()));
      }
    }
    return keys;
  }

  private static Bytes bytes(String hex) {
    return Bytes.ofHex(hex);
  }

  /** Makes keys and says each aloud with something that it has encrypted. */
  static final class Generator {

    private Generator() {}

    public static void main(String[] args) {
      KeyBackend backend = SoftwareBackends.open(Path.of(args[0]));
      for (int i = 0; i < Integer.MAX_VALUE; i++) {
        BackendKeyRef key = backend.generateKey(newKey(32), soon());
        BackendCiphertext sealed = SoftwareBackends.encrypt(backend, key, "secret");
        System.out.println(
            key
                + " "
                + sealed.iv().toHex()
                + " "
                + sealed.ciphertext().toHex()
                + " "
                + sealed.tag().toHex());
      }
    }
  }
}
