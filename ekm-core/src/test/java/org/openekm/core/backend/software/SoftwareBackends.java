// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.Settings;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import org.openekm.testkit.fake.TestSecrets;

/** Backends and keys for the tests of this package. */
final class SoftwareBackends {

  static final String KEK = kek(1);
  static final String KEK_REFERENCE = "${file:/run/secrets/kek}";

  private SoftwareBackends() {}

  /** Returns a key-encryption key in base64 that is made of one byte. */
  static String kek(int value) {
    byte[] bytes = new byte[32];
    java.util.Arrays.fill(bytes, (byte) value);
    return Base64.getEncoder().encodeToString(bytes);
  }

  static KeyBackend open(Path keystore) {
    return open(keystore, KEK);
  }

  static KeyBackend open(Path keystore, String kek) {
    return new SoftwareKeyBackendProvider()
        .create(context(Map.of("keystore", keystore.toString(), "kek", KEK_REFERENCE), kek));
  }

  static KeyBackend openShared(Path keystore) {
    return new SoftwareKeyBackendProvider()
        .create(
            context(
                Map.of("keystore", keystore.toString(), "kek", KEK_REFERENCE, "shared", "true"),
                KEK));
  }

  static ComponentContext context(Map<String, String> settings, String kek) {
    return new ComponentContext(
        "soft",
        Settings.of(settings),
        new TestSecrets().put(KEK_REFERENCE, kek),
        InstantSource.system(),
        NanoClock.system(),
        new SecureRandom(),
        Runnable::run);
  }

  static NewKey newKey(int lengthBytes) {
    return new NewKey(new KeyVersionId(UUID.randomUUID()), "test", lengthBytes);
  }

  static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), NanoClock.system());
  }

  static BackendCiphertext encrypt(KeyBackend backend, BackendKeyRef key, String text) {
    try (SecretBytes plaintext =
        SecretBytes.adopt(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
      return backend.encrypt(key, plaintext, Bytes.empty(), soon());
    }
  }

  static String decrypt(KeyBackend backend, BackendKeyRef key, BackendCiphertext sealed) {
    Sealed parts = new Sealed(sealed.iv(), sealed.ciphertext(), sealed.tag());
    try (SecretBytes plaintext = backend.decrypt(key, parts, Bytes.empty(), soon())) {
      return new String(plaintext.toByteArray(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
