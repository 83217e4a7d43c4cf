// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.backend.software.SoftwareBackends.decrypt;
import static org.openekm.core.backend.software.SoftwareBackends.encrypt;
import static org.openekm.core.backend.software.SoftwareBackends.newKey;
import static org.openekm.core.backend.software.SoftwareBackends.soon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException.KeyMissing;
import org.openekm.spi.backend.BackendException.KeyUnusable;
import org.openekm.spi.backend.BackendException.Misconfigured;
import org.openekm.spi.backend.BackendException.Unavailable;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.KeyBackendProvider;
import org.openekm.spi.backend.NewKey;

@Timeout(120)
class SoftwareKeyBackendTest {

  @TempDir Path directory;
  private Path file;
  private KeyBackend backend;

  @BeforeEach
  void open() {
    file = directory.resolve("keys");
    backend = SoftwareBackends.open(file);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void reopen_keysOfEveryLength_decryptWhatTheyEncrypted() {
    Map<BackendKeyRef, BackendCiphertext> sealed = new java.util.HashMap<>();
    for (int length : List.of(16, 24, 32)) {
      BackendKeyRef key = backend.generateKey(newKey(length), soon());
      assertThat(backend.inspectKey(key, soon()).lengthBytes()).isEqualTo(length);
      sealed.put(key, encrypt(backend, key, "secret"));
    }
    backend.close();
    backend = SoftwareBackends.open(file);

    sealed.forEach((key, value) -> assertThat(decrypt(backend, key, value)).isEqualTo("secret"));
  }

  @Test
  void generateKey_sameVersionAgain_returnsTheSameKeyEvenAfterReopening() {
    NewKey newKey = newKey(32);
    BackendKeyRef first = backend.generateKey(newKey, soon());
    BackendCiphertext sealed = encrypt(backend, first, "secret");

    assertThat(backend.generateKey(newKey, soon())).isEqualTo(first);
    backend.close();
    backend = SoftwareBackends.open(file);
    assertThat(backend.generateKey(newKey, soon())).isEqualTo(first);
    assertThat(decrypt(backend, first, sealed)).isEqualTo("secret");
  }

  @Test
  void generateKey_sameVersionOtherLength_isRefused() {
    NewKey newKey = newKey(32);
    backend.generateKey(newKey, soon());

    assertThatThrownBy(() -> backend.generateKey(new NewKey(newKey.version(), "x", 16), soon()))
        .isInstanceOf(KeyUnusable.class);
  }

  @Test
  void importKey_sameMaterialAgain_isTheSameKeyAndOtherMaterialIsRefused() {
    NewKey newKey = newKey(16);
    SecretBytes material = SecretBytes.copyOf(new byte[16]);
    SecretBytes other =
        SecretBytes.copyOf(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});

    BackendKeyRef key = backend.importKey(newKey, material, soon());

    assertThat(backend.importKey(newKey, material, soon())).isEqualTo(key);
    assertThatThrownBy(() -> backend.importKey(newKey, other, soon()))
        .isInstanceOf(KeyUnusable.class)
        .hasMessageContaining("already has another key");
    assertThatThrownBy(() -> backend.importKey(newKey(32), material, soon()))
        .isInstanceOf(KeyUnusable.class);
    assertThat(material.isDestroyed()).isFalse();
  }

  @Test
  void destroyKey_thenReopen_theKeyIsGoneFromMemoryAndFile() throws Exception {
    BackendKeyRef key = backend.generateKey(newKey(32), soon());
    long with = Files.size(file);
    backend.destroyKey(key, soon());
    backend.destroyKey(key, soon());

    assertThatThrownBy(() -> encrypt(backend, key, "x")).isInstanceOf(KeyMissing.class);
    assertThat(Files.size(file)).isLessThan(with);
    backend.close();
    backend = SoftwareBackends.open(file);
    assertThatThrownBy(() -> backend.inspectKey(key, soon())).isInstanceOf(KeyMissing.class);
  }

  @Test
  void generateKey_directoryGone_isUnavailableAndNothingIsAcknowledged() throws Exception {
    BackendKeyRef kept = backend.generateKey(newKey(32), soon());
    Path moved = directory.resolveSibling(directory.getFileName() + "-moved");
    Files.move(directory, moved);
    NewKey newKey = newKey(32);
    try {
      assertThatThrownBy(() -> backend.generateKey(newKey, soon()))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("can't be written");
      assertThatThrownBy(() -> backend.destroyKey(kept, soon())).isInstanceOf(Unavailable.class);
      assertThat(backend.check(soon()).healthy()).isFalse();
    } finally {
      Files.move(moved, directory);
    }

    assertThatThrownBy(
            () -> backend.inspectKey(new BackendKeyRef("sw-" + newKey.version()), soon()))
        .isInstanceOf(KeyMissing.class);
    assertThat(encrypt(backend, kept, "still there").tag().length()).isEqualTo(16);
    assertThat(backend.check(soon()).healthy()).isTrue();
  }

  @Test
  void everyCall_manyThreadsAndKeysBeingDestroyed_neverWrong() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    BackendKeyRef lasting = backend.generateKey(newKey(32), soon());
    List<Future<Integer>> workers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      workers.add(threads.submit(() -> work(lasting)));
    }
    for (int i = 0; i < 20; i++) {
      BackendKeyRef shortLived = backend.generateKey(newKey(16), soon());
      BackendCiphertext sealed = encrypt(backend, shortLived, "x");
      assertThat(decrypt(backend, shortLived, sealed)).isEqualTo("x");
      backend.destroyKey(shortLived, soon());
    }
    for (Future<Integer> worker : workers) {
      assertThat(worker.get()).isEqualTo(500);
    }
    threads.shutdown();
  }

  @Test
  void encrypt_keyDestroyedMeanwhile_isWholeOrMissingButNeverUnderHalfAKey() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    for (int round = 0; round < 20; round++) {
      SecretBytes material =
          SecretBytes.copyOf(new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9});
      BackendKeyRef doomed = backend.importKey(newKey(16), material, soon());
      Future<List<BackendCiphertext>> encrypting = threads.submit(() -> encryptUntilGone(doomed));
      backend.destroyKey(doomed, soon());
      BackendKeyRef same = backend.importKey(newKey(16), material, soon());
      for (BackendCiphertext sealed : encrypting.get()) {
        assertThat(decrypt(backend, same, sealed)).isEqualTo("x");
      }
    }
    threads.shutdown();
  }

  @Test
  void encrypt_manyTimes_neverRepeatsAnIv() {
    BackendKeyRef key = backend.generateKey(newKey(32), soon());
    Set<Bytes> ivs = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      ivs.add(encrypt(backend, key, "same").iv());
    }

    assertThat(ivs).hasSize(5_000);
  }

  @Test
  void encrypt_tooLong_isRefused() {
    BackendKeyRef key = backend.generateKey(newKey(32), soon());

    assertThatThrownBy(() -> encrypt(backend, key, "x".repeat(65_537)))
        .isInstanceOf(Misconfigured.class);
    assertThatThrownBy(() -> encrypt(backend, key, "")).isInstanceOf(Misconfigured.class);
    assertThat(encrypt(backend, key, "x".repeat(65_536)).ciphertext().length()).isEqualTo(65_536);
  }

  @Test
  void afterClose_everyCall_isUnavailable() {
    BackendKeyRef key = backend.generateKey(newKey(32), soon());
    backend.close();

    assertThatThrownBy(() -> encrypt(backend, key, "x")).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> backend.generateKey(newKey(32), soon()))
        .isInstanceOf(Unavailable.class);
    assertThat(backend.check(soon()).healthy()).isFalse();
  }

  @Test
  void inspectKey_anyKey_warnsThatItIsKeptInSoftware() {
    BackendKeyRef key = backend.generateKey(newKey(32), soon());

    assertThat(backend.inspectKey(key, soon()).warnings())
        .singleElement()
        .asString()
        .contains("kept in software");
  }

  @Test
  void create_wrongSettings_reportsAllProblemsAtOnce() {
    assertThatThrownBy(
            () ->
                provider()
                    .create(SoftwareBackends.context(Map.of("key", "x"), SoftwareBackends.KEK)))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .extracting("field")
                    .containsExactly("keystore", "kek", "key"));
    assertThatThrownBy(
            () ->
                provider()
                    .create(
                        SoftwareBackends.context(
                            Map.of("keystore", file + "/no/keys", "kek", SoftwareBackends.KEK),
                            SoftwareBackends.KEK)))
        .hasMessageContaining("not the secret itself")
        .hasMessageContaining("directory that does not exist")
        .hasMessageNotContaining(SoftwareBackends.KEK);
  }

  @Test
  void create_badKek_saysWhatIsWrongWithoutTellingIt() {
    Path other = directory.resolve("other");
    assertThatThrownBy(() -> SoftwareBackends.open(other, "not base64!"))
        .isInstanceOf(Misconfigured.class)
        .hasMessageContaining("is not base64")
        .hasMessageNotContaining("not base64!");
    assertThatThrownBy(() -> SoftwareBackends.open(other, "c2hvcnQ="))
        .isInstanceOf(Misconfigured.class)
        .hasMessageContaining("must hold 32 bytes in base64, holds 5");
    assertThatThrownBy(
            () ->
                provider()
                    .create(
                        SoftwareBackends.context(
                            Map.of("keystore", other.toString(), "kek", "${env:NOT_THERE}"),
                            SoftwareBackends.KEK)))
        .isInstanceOf(Misconfigured.class)
        .hasMessageContaining("${env:NOT_THERE}");
    assertThat(other).doesNotExist();
  }

  private int work(BackendKeyRef key) {
    int correct = 0;
    for (int i = 0; i < 500; i++) {
      String text = Thread.currentThread().getName() + i;
      correct += decrypt(backend, key, encrypt(backend, key, text)).equals(text) ? 1 : 0;
    }
    return correct;
  }

  private List<BackendCiphertext> encryptUntilGone(BackendKeyRef key) {
    List<BackendCiphertext> made = new ArrayList<>();
    try {
      while (made.size() < 1_000_000) {
        made.add(encrypt(backend, key, "x"));
      }
    } catch (KeyMissing e) {
      return made;
    }
    throw new AssertionError("the key was never destroyed");
  }

  private static KeyBackendProvider provider() {
    return ServiceLoader.load(KeyBackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.name().equals("software"))
        .findFirst()
        .orElseThrow();
  }
}
