// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.internal.token.TokenProbe;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.hsm.pkcs11.testtoken.SoftHsm;
import org.openekm.hsm.pkcs11.testtoken.TestToken;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/** Two tokens of SoftHSM as one backend, by its settings. */
class TwoTokensTest {

  @ParameterizedTest
  @ValueSource(strings = {"none", "process"})
  void keyOnBoth_isServedWhenOneTokenIsGone(String isolation) {
    assumeTrue(SoftHsm.missing().isEmpty(), () -> SoftHsm.missing().orElse(""));
    TestToken one = SoftHsm.create();
    TestToken two = SoftHsm.create();
    try (KeyBackend backend = open(one, two, isolation)) {
      BackendKeyRef key = imported(backend);
      Sealed sealed = encrypt(backend, key);
      assertThat(backend.members().keySet()).containsExactly("first", "second");
      assertThat(backend.inspectKey(key, TokenProbe.soon()).warnings()).isEmpty();

      SoftHsm.delete(one);

      Awaitility.await()
          .atMost(Duration.ofSeconds(2))
          .ignoreExceptionsInstanceOf(BackendException.class)
          .until(() -> opens(backend, key, sealed));
      assertThat(backend.check(TokenProbe.soon()).healthy()).isTrue();
    } finally {
      SoftHsm.delete(two);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "process"})
  void keyMadeOnOne_isToldToBeMissingOnTheOther(String isolation) {
    assumeTrue(SoftHsm.missing().isEmpty(), () -> SoftHsm.missing().orElse(""));
    TestToken one = SoftHsm.create();
    TestToken two = SoftHsm.create();
    try (KeyBackend backend = open(one, two, isolation)) {
      BackendKeyRef key =
          backend.generateKey(
              new NewKey(new KeyVersionId(UUID.randomUUID()), "alone", 32), TokenProbe.soon());

      assertThat(opens(backend, key, encrypt(backend, key))).isTrue();
      assertThat(backend.inspectKey(key, TokenProbe.soon()).warnings())
          .containsExactly("token second lacks it");
    } finally {
      SoftHsm.delete(one);
      SoftHsm.delete(two);
    }
  }

  private static KeyBackend open(TestToken one, TestToken two, String isolation) {
    return Backends.open(
        one::pin,
        Map.of(
            "module",
            SoftHsm.MODULE.toString(),
            "profile",
            "softhsm",
            "pin",
            TestToken.PIN_REFERENCE,
            "isolation",
            isolation,
            "isolation-spare",
            "false",
            "tokens.0.name",
            "first",
            "tokens.0.label",
            one.settings().get("token.label"),
            "tokens.1.name",
            "second",
            "tokens.1.label",
            two.settings().get("token.label")));
  }

  private static BackendKeyRef imported(KeyBackend backend) {
    try (SecretBytes material = SecretBytes.copyOf(new byte[32])) {
      return backend.importKey(
          new NewKey(new KeyVersionId(UUID.randomUUID()), "both", 32), material, TokenProbe.soon());
    }
  }

  private static Sealed encrypt(KeyBackend backend, BackendKeyRef key) {
    try (SecretBytes plaintext = SecretBytes.copyOf(new byte[16])) {
      BackendCiphertext made = backend.encrypt(key, plaintext, Bytes.empty(), TokenProbe.soon());
      return new Sealed(made.iv(), made.ciphertext(), made.tag());
    }
  }

  private static boolean opens(KeyBackend backend, BackendKeyRef key, Sealed sealed) {
    try (SecretBytes opened = backend.decrypt(key, sealed, Bytes.empty(), TokenProbe.soon())) {
      assertThat(opened.toByteArray()).isEqualTo(new byte[16]);
      return true;
    }
  }
}
