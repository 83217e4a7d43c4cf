// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.hsm.pkcs11.testtoken.SoftHsm;
import org.openekm.hsm.pkcs11.testtoken.TestToken;
import org.openekm.hsm.pkcs11.testtoken.WrappingKeys;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/** Key material that is wrapped under a key of the token, on SoftHSM. */
class UnwrapTest {

  private static final byte[] WRAPPING = new SecureRandom().generateSeed(32);
  private static final byte[] MATERIAL = new SecureRandom().generateSeed(32);

  private static TestToken token;

  @BeforeAll
  static void makeToken() {
    assumeTrue(SoftHsm.missing().isEmpty(), () -> SoftHsm.missing().orElse(""));
    token = SoftHsm.create();
  }

  @AfterAll
  static void deleteToken() {
    if (token != null) {
      SoftHsm.delete(token);
    }
  }

  @Test
  void keyThatUnwrapsOnly_isToldSo_andTakesInOthers() throws Exception {
    BackendKeyRef wrappingKey = WrappingKeys.put(token, WRAPPING);
    // SoftHSM forgets the length of a key that was unwrapped, which is refused otherwise.
    try (KeyBackend backend = open("warn")) {
      BackendKeyRef key = backend.unwrapKey(newKey(), wrappingKey, wrapped(), soon());

      assertThat(backend.inspectKey(key, soon()).unwrapsOnly()).isFalse();
    }
    try (KeyBackend backend = open("refuse")) {
      assertThat(backend.inspectKey(wrappingKey, soon()).unwrapsOnly()).isTrue();
      assertThat(backend.inspectKey(wrappingKey, soon()).lengthBytes()).isEqualTo(32);
    }
  }

  @Test
  void keyThatAlsoDecrypts_isRefused_forItWouldGiveOutWhatItWraps() {
    BackendKeyRef both = WrappingKeys.put(token, WRAPPING, true, true);
    try (KeyBackend backend = open("refuse")) {
      assertThatThrownBy(() -> backend.unwrapKey(newKey(), both, wrapped(), soon()))
          .isInstanceOf(BackendException.KeyUnusable.class)
          .hasMessageContaining("CKA_DECRYPT");
    }
  }

  @Test
  void keyThatServes_isRefusedAsWrappingKey() {
    BackendKeyRef serving = WrappingKeys.put(token, WRAPPING, false, true);
    try (KeyBackend backend = open("warn")) {
      assertThatThrownBy(() -> backend.unwrapKey(newKey(), serving, wrapped(), soon()))
          .isInstanceOf(BackendException.KeyUnusable.class)
          .hasMessageContaining("CKA_UNWRAP");
    }
  }

  @Test
  void withoutTheSetting_nothingIsUnwrapped() {
    BackendKeyRef wrappingKey = WrappingKeys.put(token, WRAPPING);
    try (KeyBackend backend = Backends.open(token)) {
      assertThat(backend.capabilities().has(BackendFeature.UNWRAP_KEY)).isFalse();
      assertThatThrownBy(() -> backend.unwrapKey(newKey(), wrappingKey, wrapped(), soon()))
          .isInstanceOf(BackendException.Misconfigured.class)
          .hasMessageContaining("unwrap-mechanism");
      assertThatThrownBy(() -> backend.inspectKey(wrappingKey, soon()))
          .isInstanceOf(BackendException.KeyUnusable.class);
    }
  }

  private static KeyBackend open(String keyCheck) {
    return Backends.open(token, "unwrap-mechanism", "aes-key-wrap-pad", "key-check", keyCheck);
  }

  private static NewKey newKey() {
    return new NewKey(new KeyVersionId(UUID.randomUUID()), "unwrapped", 32);
  }

  private static Bytes wrapped() throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(WRAPPING, "AES"));
    return Bytes.adopt(cipher.doFinal(MATERIAL));
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10), NanoClock.system());
  }
}
