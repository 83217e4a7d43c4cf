// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.Capabilities.IvSource;
import org.openekm.spi.backend.NewKey;

class FakeKeyBackendTest {

  private final Deadline soon = Deadline.after(Duration.ofSeconds(5), NanoClock.system());
  private final FakeKeyBackend backend = new FakeKeyBackend();

  @Test
  void decrypt_ofEncrypt_givesThePlaintext() {
    BackendKeyRef key = backend.generateKey(newKey(32), soon);
    SecretBytes plaintext = SecretBytes.copyOf("a data key".getBytes(UTF_8));
    Bytes aad = Bytes.copyOf("aad".getBytes(UTF_8));

    BackendCiphertext sealed = backend.encrypt(key, plaintext, aad, soon);

    assertThat(backend.decrypt(key, parts(sealed), aad, soon)).isEqualTo(plaintext);
  }

  @Test
  void reopen_sharesTheKeys() {
    BackendKeyRef key = backend.generateKey(newKey(16), soon);
    BackendCiphertext sealed = backend.encrypt(key, TestKeys.aes(32), Bytes.empty(), soon);
    backend.close();

    FakeKeyBackend again = backend.reopen();

    assertThat(again.keyCount()).isEqualTo(1);
    assertThat(again.decrypt(key, parts(sealed), Bytes.empty(), soon).length()).isEqualTo(32);
  }

  @Test
  void putKey_isUsableAndItsMaterialReadable() {
    SecretBytes material = TestKeys.aes(24);
    BackendKeyRef key = new BackendKeyRef("adopted");

    backend.putKey(key, material);

    assertThat(backend.inspectKey(key, soon).lengthBytes()).isEqualTo(24);
    assertThat(backend.material(key)).contains(material);
  }

  @Test
  void capabilities_withoutFeatures_refuseGenerateImportDestroyRandom() {
    Capabilities bare = new Capabilities(IvSource.DEVICE, 100, 10, Set.of(32), Set.of(), 1);
    FakeKeyBackend poor = new FakeKeyBackend(bare);
    BackendKeyRef key = new BackendKeyRef("k");

    assertThatThrownBy(() -> poor.generateKey(newKey(32), soon))
        .isInstanceOf(BackendException.Misconfigured.class);
    assertThatThrownBy(() -> poor.importKey(newKey(32), TestKeys.aes(32), soon))
        .isInstanceOf(BackendException.Misconfigured.class);
    assertThatThrownBy(() -> poor.destroyKey(key, soon))
        .isInstanceOf(BackendException.Misconfigured.class);
    assertThatThrownBy(() -> poor.randomBytes(1, soon))
        .isInstanceOf(BackendException.Misconfigured.class);
  }

  @Test
  void encrypt_overTheLimits_isRefused() {
    Capabilities small = new Capabilities(IvSource.HOST, 100, 10, Set.of(32), Set.of(), 1);
    FakeKeyBackend limited = new FakeKeyBackend(small);
    BackendKeyRef key = new BackendKeyRef("k");
    limited.putKey(key, TestKeys.aes(32));

    assertThatThrownBy(
            () -> limited.encrypt(key, SecretBytes.adopt(new byte[101]), Bytes.empty(), soon))
        .isInstanceOf(BackendException.Misconfigured.class);
    assertThatThrownBy(
            () ->
                limited.encrypt(
                    key, SecretBytes.adopt(new byte[1]), Bytes.adopt(new byte[11]), soon))
        .isInstanceOf(BackendException.Misconfigured.class);
  }

  private static NewKey newKey(int lengthBytes) {
    return new NewKey(new KeyVersionId(UUID.randomUUID()), "test", lengthBytes);
  }

  private static Sealed parts(BackendCiphertext sealed) {
    return new Sealed(sealed.iv(), sealed.ciphertext(), sealed.tag());
  }
}
