// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendException.AuthenticationTagMismatch;
import org.openekm.spi.backend.BackendException.KeyMissing;
import org.openekm.spi.backend.BackendException.KeyUnusable;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/** The part of {@link KeyBackendTck} that says how keys come and go. */
abstract class KeyBackendKeyContract extends KeyBackendTamperContract {

  private static final Set<Integer> AES_LENGTHS = Set.of(16, 24, 32);

  @Test
  protected void capabilities_areWithinTheContract() {
    Capabilities capabilities = backend().capabilities();

    assertThat(capabilities.keyLengths()).isNotEmpty().isSubsetOf(AES_LENGTHS);
    assertThat(capabilities.maxPlaintextBytes()).isPositive();
    assertThat(capabilities.maxConcurrentCalls()).isPositive();
  }

  @Test
  protected void call_ofAFeatureNotDeclared_isRefused() {
    Set<BackendFeature> features = backend().capabilities().features();
    BackendKeyRef key = missingKey();
    if (!features.contains(BackendFeature.RANDOM_BYTES)) {
      assertThatThrownBy(() -> backend().randomBytes(16, soon()))
          .isInstanceOf(BackendException.class);
    }
    if (!features.contains(BackendFeature.GENERATE_KEY)) {
      assertThatThrownBy(() -> backend().generateKey(newKey(longestKey()), soon()))
          .isInstanceOf(BackendException.class);
    }
    if (!features.contains(BackendFeature.IMPORT_KEY)) {
      assertThatThrownBy(
              () -> backend().importKey(newKey(longestKey()), secret(longestKey()), soon()))
          .isInstanceOf(BackendException.class);
    }
    if (!features.contains(BackendFeature.UNWRAP_KEY)) {
      assertThatThrownBy(
              () ->
                  backend().unwrapKey(newKey(longestKey()), key, Bytes.adopt(new byte[40]), soon()))
          .isInstanceOf(BackendException.class);
    }
    if (!features.contains(BackendFeature.DESTROY_KEY)) {
      assertThatThrownBy(() -> backend().destroyKey(key, soon()))
          .isInstanceOf(BackendException.class);
    }
  }

  @Test
  protected void generateKey_ofEachDeclaredLength_isUsableAndTellsItsLength() {
    assumeFeature(BackendFeature.GENERATE_KEY);
    for (int length : backend().capabilities().keyLengths()) {
      BackendKeyRef key = generate(newKey(length));

      assertUsable(key);
      assertThat(backend().inspectKey(key, soon()).lengthBytes()).isEqualTo(length);
    }
  }

  @Test
  protected void generateKey_ofAnotherLength_isRefused() {
    assumeFeature(BackendFeature.GENERATE_KEY);
    for (int length : lengthsNotDeclared()) {
      assertThatThrownBy(() -> generate(newKey(length)))
          .as("key of %d bytes", length)
          .isInstanceOf(BackendException.class);
    }
  }

  @Test
  protected void generateKey_repeatedForOneVersion_givesTheSameKey() {
    assumeFeature(BackendFeature.GENERATE_KEY);
    NewKey newKey = newKey(longestKey());

    BackendKeyRef first = generate(newKey);
    Sealed before = parts(encrypt(first, randomArray(usualLength()), new byte[0]));
    BackendKeyRef again = generate(newKey);

    assertThat(again).isEqualTo(first);
    assertThat(decrypt(again, before, new byte[0])).hasSize(usualLength());
  }

  @Test
  protected void generateKey_repeatedAfterReopening_givesTheSameKey() {
    assumeFeature(BackendFeature.GENERATE_KEY);
    NewKey newKey = newKey(longestKey());
    BackendKeyRef first = generate(newKey);

    try (KeyBackend second = openSecond()) {
      assertThat(tracked(second.generateKey(newKey, soon()))).isEqualTo(first);
    }
  }

  @Test
  protected void generateKey_forTwoVersionsOfOneLabel_givesTwoKeys() {
    assumeFeature(BackendFeature.GENERATE_KEY);

    BackendKeyRef one = generate(newKey(longestKey()));
    BackendKeyRef two = generate(newKey(longestKey()));

    assertThat(two).isNotEqualTo(one);
    Sealed underOne = parts(encrypt(one, randomArray(usualLength()), new byte[0]));
    assertThatThrownBy(() -> decrypt(two, underOne, new byte[0]))
        .isInstanceOf(AuthenticationTagMismatch.class);
  }

  @Test
  protected void generateKey_withLabelsOfAnyKind_works() {
    assumeFeature(BackendFeature.GENERATE_KEY);
    for (String label :
        List.of("", "x".repeat(64), "Schlüssel für München", "a'b\"c\\d;--%_", "../../etc")) {
      NewKey newKey = new NewKey(new KeyVersionId(UUID.randomUUID()), label, longestKey());

      assertUsable(generate(newKey));
    }
  }

  @Test
  protected void importKey_materialOfAnotherLength_isRefusedAndLeavesNothing() {
    assumeFeature(BackendFeature.IMPORT_KEY);
    NewKey newKey = newKey(longestKey());
    for (int length : new int[] {1, 15, 16, 17, 24, 31, 32, 33, 64}) {
      if (length != newKey.lengthBytes()) {
        try (SecretBytes wrong = secret(length)) {
          assertThatThrownBy(() -> importKey(newKey, wrong))
              .as("material of %d bytes for a key of %d", length, newKey.lengthBytes())
              .isInstanceOf(BackendException.class);
        }
      }
    }

    byte[] material = randomArray(newKey.lengthBytes());
    assertThat(encryptsAs(importKey(newKey, SecretBytes.copyOf(material)), material))
        .as("the right material goes in afterwards")
        .isTrue();
  }

  @Test
  protected void importKey_ofAnotherLength_isRefused() {
    assumeFeature(BackendFeature.IMPORT_KEY);
    for (int length : lengthsNotDeclared()) {
      try (SecretBytes material = secret(length)) {
        assertThatThrownBy(() -> importKey(newKey(length), material))
            .as("key of %d bytes", length)
            .isInstanceOf(BackendException.class);
      }
    }
  }

  @Test
  protected void importKey_material_staysTheCallersAndIsCopied() {
    assumeFeature(BackendFeature.IMPORT_KEY);
    byte[] original = randomArray(longestKey());
    SecretBytes material = SecretBytes.copyOf(original);

    BackendKeyRef key = importKey(newKey(original.length), material);
    assertThat(material.isDestroyed()).isFalse();
    assertThat(material.toByteArray()).isEqualTo(original);
    material.destroy();

    assertThat(encryptsAs(key, original))
        .as("the key after the caller has wiped its copy")
        .isTrue();
  }

  @Test
  protected void importKey_repeatedForOneVersion_givesTheSameKey() {
    assumeFeature(BackendFeature.IMPORT_KEY);
    NewKey newKey = newKey(longestKey());
    byte[] material = randomArray(newKey.lengthBytes());

    BackendKeyRef first = importKey(newKey, SecretBytes.copyOf(material));
    BackendKeyRef again = importKey(newKey, SecretBytes.copyOf(material));

    assertThat(again).isEqualTo(first);
    assertThat(encryptsAs(again, material)).isTrue();
  }

  @Test
  protected void unwrapKey_wrappedUnderAKeyOfTheBackend_isTheVeryMaterial()
      throws GeneralSecurityException {
    assumeFeature(BackendFeature.UNWRAP_KEY);
    byte[] wrapping = randomArray(longestKey());
    BackendKeyRef wrappingKey = wrappingKey(wrapping);
    byte[] material = randomArray(longestKey());
    NewKey newKey = newKey(material.length);

    BackendKeyRef key =
        tracked(backend().unwrapKey(newKey, wrappingKey, wrapped(wrapping, material), soon()));

    assertThat(encryptsAs(key, material)).isTrue();
    assertThat(backend().unwrapKey(newKey, wrappingKey, wrapped(wrapping, material), soon()))
        .as("repeated for one version")
        .isEqualTo(key);
  }

  @Test
  protected void unwrapKey_ofAnotherKeyDamagedOrOfAnotherLength_isRefused()
      throws GeneralSecurityException {
    assumeFeature(BackendFeature.UNWRAP_KEY);
    byte[] wrapping = randomArray(longestKey());
    BackendKeyRef wrappingKey = wrappingKey(wrapping);
    byte[] damaged = wrapped(wrapping, randomArray(longestKey())).toByteArray();
    damaged[damaged.length / 2] ^= 1;
    byte[] short15 = randomArray(15);
    for (Bytes wrong :
        List.of(
            wrapped(randomArray(longestKey()), randomArray(longestKey())),
            Bytes.adopt(damaged),
            Bytes.empty(),
            wrapped(wrapping, short15))) {
      assertThatThrownBy(
              () -> backend().unwrapKey(newKey(longestKey()), wrappingKey, wrong, soon()))
          .isInstanceOf(BackendException.class);
    }
    assertThatThrownBy(
            () ->
                backend()
                    .unwrapKey(
                        newKey(longestKey()),
                        missingKey(),
                        wrapped(wrapping, randomArray(longestKey())),
                        soon()))
        .isInstanceOf(BackendException.KeyMissing.class);
  }

  /**
   * Puts a key into the backend under which others can be wrapped. Override it where an imported
   * key does not do.
   */
  protected BackendKeyRef wrappingKey(byte[] material) {
    assumeFeature(BackendFeature.IMPORT_KEY);
    return importKey(newKey(material.length), SecretBytes.copyOf(material));
  }

  private static Bytes wrapped(byte[] wrapping, byte[] material) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(wrapping, "AES"));
    return Bytes.adopt(cipher.doFinal(material));
  }

  @Test
  protected void keys_madeThroughOneBackend_areThereForTheNext() {
    BackendKeyRef key = someKey();
    byte[] plaintext = randomArray(usualLength());
    Sealed made = parts(encrypt(key, plaintext, new byte[0]));
    KeyBackend second = openSecond();
    backend().close();

    try (SecretBytes decrypted = second.decrypt(key, made, Bytes.empty(), soon())) {
      assertThat(decrypted.toByteArray()).isEqualTo(plaintext);
    }
  }

  @Test
  protected void destroyKey_thenEveryCall_saysThatItIsMissing() {
    assumeFeature(BackendFeature.DESTROY_KEY);
    BackendKeyRef key = disposableKey();
    Sealed made = parts(encrypt(key, randomArray(usualLength()), new byte[0]));

    backend().destroyKey(key, soon());

    assertMissing(key, made);
  }

  @Test
  protected void destroyKey_thenOtherBackends_sayThatItIsMissing() {
    assumeFeature(BackendFeature.DESTROY_KEY);
    BackendKeyRef key = disposableKey();
    try (KeyBackend second = openSecond();
        SecretBytes plaintext = secret(usualLength())) {
      second.encrypt(key, plaintext, Bytes.empty(), soon());

      backend().destroyKey(key, soon());

      assertThatThrownBy(() -> second.encrypt(key, plaintext, Bytes.empty(), soon()))
          .isInstanceOf(KeyMissing.class);
    }
  }

  @Test
  protected void destroyKey_repeatedOrOfNoKey_isASuccess() {
    assumeFeature(BackendFeature.DESTROY_KEY);
    BackendKeyRef key = disposableKey();
    Sealed made = parts(encrypt(key, randomArray(usualLength()), new byte[0]));

    backend().destroyKey(key, soon());
    backend().destroyKey(key, soon());
    backend().destroyKey(missingKey(), soon());

    assertMissing(key, made);
  }

  @Test
  protected void destroyKey_leavesOtherKeysAlone() {
    assumeFeature(BackendFeature.DESTROY_KEY);
    BackendKeyRef doomed = disposableKey();
    BackendKeyRef other = someKey();
    byte[] plaintext = randomArray(usualLength());
    Sealed before = parts(encrypt(other, plaintext, new byte[0]));

    backend().destroyKey(doomed, soon());

    assertThat(decrypt(other, before, new byte[0])).isEqualTo(plaintext);
    assertUsable(other);
  }

  @Test
  protected void call_withAMissingKey_saysThatItIsMissing() {
    BackendKeyRef real = someKey();
    Sealed made = parts(encrypt(real, randomArray(usualLength()), new byte[0]));

    assertMissing(missingKey(), made);
  }

  @Test
  protected void call_withAReferenceOfAnotherForm_saysThatItIsMissing() {
    BackendKeyRef real = someKey();
    Sealed made = parts(encrypt(real, randomArray(usualLength()), new byte[0]));
    for (String text :
        List.of("x", " ", "' OR '1'='1", "../../../etc/passwd", "%s%n", "*", "a".repeat(512))) {
      assertMissing(new BackendKeyRef(text), made);
    }
  }

  @Test
  protected void call_withAnUnusableKey_saysSo() {
    assumeFalse(unusableKey().isEmpty(), "unusableKey() gives none");
    BackendKeyRef key = unusableKey().orElseThrow();

    assertThatThrownBy(() -> encrypt(key, randomArray(usualLength()), new byte[0]))
        .isInstanceOf(KeyUnusable.class);
    assertThatThrownBy(() -> backend().inspectKey(key, soon())).isInstanceOf(KeyUnusable.class);
  }

  @Test
  protected void inspectKey_ofAnExistingKey_tellsReferenceAndLength() {
    BackendKeyRef key = someKey();

    BackendKeyInfo info = backend().inspectKey(key, soon());

    assertThat(info.ref()).isEqualTo(key);
    assertThat(info.lengthBytes()).isEqualTo(longestKey());
    assertThat(info.warnings()).allSatisfy(warning -> assertThat(warning).isNotBlank());
  }

  /** Returns a key that may be destroyed: never a prepared one. */
  private BackendKeyRef disposableKey() {
    Set<BackendFeature> features = backend().capabilities().features();
    assumeFalse(
        !features.contains(BackendFeature.GENERATE_KEY)
            && !features.contains(BackendFeature.IMPORT_KEY),
        "the backend can't make a key to destroy");
    return someKey();
  }

  private List<Integer> lengthsNotDeclared() {
    Set<Integer> declared = backend().capabilities().keyLengths();
    return List.of(0, 1, 15, 16, 17, 20, 24, 31, 32, 33, 64).stream()
        .filter(length -> !declared.contains(length))
        .toList();
  }

  private boolean encryptsAs(BackendKeyRef key, byte[] material) {
    byte[] plaintext = randomArray(usualLength());
    Sealed elsewhere = JcaGcm.encrypt(material, randomArray(12), plaintext, new byte[0]);
    return java.util.Arrays.equals(decrypt(key, elsewhere, new byte[0]), plaintext);
  }

  private void assertUsable(BackendKeyRef key) {
    byte[] plaintext = randomArray(usualLength());
    assertThat(decrypt(key, parts(encrypt(key, plaintext, new byte[0])), new byte[0]))
        .isEqualTo(plaintext);
  }

  private void assertMissing(BackendKeyRef key, Sealed made) {
    assertThatThrownBy(() -> encrypt(key, randomArray(usualLength()), new byte[0]))
        .as("encrypt under %s", key)
        .isInstanceOf(KeyMissing.class);
    assertThatThrownBy(() -> decrypt(key, made, new byte[0]))
        .as("decrypt under %s", key)
        .isInstanceOf(KeyMissing.class);
    assertThatThrownBy(() -> backend().inspectKey(key, soon()))
        .as("inspect %s", key)
        .isInstanceOf(KeyMissing.class);
  }
}
