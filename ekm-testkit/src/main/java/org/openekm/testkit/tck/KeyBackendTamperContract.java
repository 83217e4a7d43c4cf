// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.spi.backend.BackendException.AuthenticationTagMismatch;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;

/** The part of {@link KeyBackendTck} that says what must never decrypt. */
abstract class KeyBackendTamperContract extends KeyBackendCipherContract {

  private byte[] plaintext = new byte[0];
  private byte[] aad = new byte[0];

  @BeforeEach
  protected void chooseData() {
    plaintext = randomArray(usualLength());
    aad = randomArray(usualAad());
  }

  @Test
  protected void decrypt_ivTampered_isATagMismatchAtEveryByte() {
    BackendKeyRef key = someKey();
    Sealed good = sealed(key);
    for (int i = 0; i < good.iv().length(); i++) {
      assertMismatch(key, new Sealed(flipped(good.iv(), i), good.ciphertext(), good.tag()), aad);
    }
    assertStillWorks(key, good);
  }

  @Test
  protected void decrypt_ciphertextTampered_isATagMismatchAtEveryByte() {
    BackendKeyRef key = someKey();
    Sealed good = sealed(key);
    for (int i = 0; i < good.ciphertext().length(); i++) {
      assertMismatch(key, new Sealed(good.iv(), flipped(good.ciphertext(), i), good.tag()), aad);
    }
    assertStillWorks(key, good);
  }

  @Test
  protected void decrypt_tagTampered_isATagMismatchAtEveryByte() {
    BackendKeyRef key = someKey();
    Sealed good = sealed(key);
    for (int i = 0; i < good.tag().length(); i++) {
      assertMismatch(key, new Sealed(good.iv(), good.ciphertext(), flipped(good.tag(), i)), aad);
    }
    assertStillWorks(key, good);
  }

  @Test
  protected void decrypt_aadTampered_isATagMismatch() {
    BackendKeyRef key = someKey();
    Sealed good = sealed(key);
    for (int i = 0; i < aad.length; i++) {
      assertMismatch(key, good, flipped(Bytes.copyOf(aad), i).toByteArray());
    }
    if (aad.length > 0) {
      assertMismatch(key, good, new byte[0]);
      assertMismatch(key, good, Arrays.copyOf(aad, aad.length - 1));
    }
    if (aad.length < backend().capabilities().maxAadBytes()) {
      assertMismatch(key, good, Arrays.copyOf(aad, aad.length + 1));
    }
    assertStillWorks(key, good);
  }

  @Test
  protected void decrypt_truncatedTag_isATagMismatch() {
    BackendKeyRef key = someKey();
    Sealed good = sealed(key);
    for (int length : new int[] {0, 1, 4, 8, 12, 13, 14, 15}) {
      assertMismatch(
          key, new Sealed(good.iv(), good.ciphertext(), good.tag().slice(0, length)), aad);
    }
    assertStillWorks(key, good);
  }

  @Test
  protected void decrypt_tagTooLong_isATagMismatch() {
    BackendKeyRef key = someKey();
    Sealed good = sealed(key);

    assertMismatch(key, new Sealed(good.iv(), good.ciphertext(), resized(good.tag(), 17)), aad);
    assertMismatch(key, new Sealed(good.iv(), good.ciphertext(), resized(good.tag(), 32)), aad);
    assertStillWorks(key, good);
  }

  @Test
  protected void decrypt_ivOfAnotherLength_isATagMismatch() {
    BackendKeyRef key = someKey();
    Sealed good = sealed(key);
    for (int length : new int[] {0, 1, 8, 11, 13, 16}) {
      assertMismatch(
          key, new Sealed(resized(good.iv(), length), good.ciphertext(), good.tag()), aad);
    }
    assertStillWorks(key, good);
  }

  @Test
  protected void decrypt_ciphertextShortened_isATagMismatch() {
    BackendKeyRef key = someKey();
    Sealed good = sealed(key);

    assertMismatch(key, new Sealed(good.iv(), Bytes.empty(), good.tag()), aad);
    assertMismatch(
        key,
        new Sealed(good.iv(), resized(good.ciphertext(), plaintext.length - 1), good.tag()),
        aad);
    assertStillWorks(key, good);
  }

  @Test
  protected void decrypt_boundaryBetweenCiphertextAndTagMoved_isATagMismatch() {
    BackendKeyRef key = someKey();
    Sealed good = sealed(key);
    byte[] joined =
        Arrays.copyOf(
            good.ciphertext().toByteArray(), good.ciphertext().length() + good.tag().length());
    good.tag().copyTo(joined, good.ciphertext().length());
    Bytes all = Bytes.adopt(joined);
    int split = good.ciphertext().length() - 1;

    assertMismatch(
        key,
        new Sealed(good.iv(), all.slice(0, split), all.slice(split, joined.length - split)),
        aad);
    assertMismatch(
        key,
        new Sealed(
            good.iv(), all.slice(0, split + 2), all.slice(split + 2, joined.length - split - 2)),
        aad);
    assertStillWorks(key, good);
  }

  @Test
  protected void decrypt_partsOfTwoEncryptionsMixed_isATagMismatch() {
    BackendKeyRef key = someKey();
    Sealed one = sealed(key);
    Sealed two = sealed(key);

    assertMismatch(key, new Sealed(two.iv(), one.ciphertext(), one.tag()), aad);
    assertMismatch(key, new Sealed(one.iv(), two.ciphertext(), one.tag()), aad);
    assertMismatch(key, new Sealed(one.iv(), one.ciphertext(), two.tag()), aad);
    assertStillWorks(key, one);
  }

  @Test
  protected void decrypt_underAnotherKey_isATagMismatch() {
    BackendKeyRef right = someKey();
    BackendKeyRef wrong = someKey();
    Sealed good = sealed(right);

    assertMismatch(wrong, good, aad);
    assertStillWorks(right, good);
  }

  @Test
  protected void encrypt_afterATagMismatch_works() {
    BackendKeyRef key = someKey();
    Sealed good = sealed(key);
    for (int i = 0; i < 10; i++) {
      assertMismatch(key, new Sealed(good.iv(), good.ciphertext(), flipped(good.tag(), i)), aad);

      assertStillWorks(key, sealed(key));
    }
  }

  @Test
  protected void decrypt_failure_saysNothingOfTheData() {
    String marker = "ekm-tck-marker-of-a-secret-text".substring(0, Math.min(31, usualLength()));
    BackendKeyRef key = someKey();
    plaintext = marker.getBytes(UTF_8);
    Sealed good = sealed(key);

    Throwable failure =
        catchThrowable(
            () ->
                decrypt(
                    key, new Sealed(good.iv(), good.ciphertext(), flipped(good.tag(), 0)), aad));

    assertThat(failure).isInstanceOf(AuthenticationTagMismatch.class);
    for (Throwable t = failure; t != null; t = t.getCause()) {
      assertThat(String.valueOf(t))
          .doesNotContain(marker)
          .doesNotContainIgnoringCase(HexFormat.of().formatHex(plaintext))
          .doesNotContain(Base64.getEncoder().encodeToString(plaintext));
    }
  }

  private Sealed sealed(BackendKeyRef key) {
    return parts(encrypt(key, plaintext, aad));
  }

  private void assertMismatch(BackendKeyRef key, Sealed bad, byte[] withAad) {
    Capabilities limits = backend().capabilities();
    if (bad.ciphertext().length() > limits.maxPlaintextBytes()) {
      return;
    }
    assertThatThrownBy(() -> decrypt(key, bad, withAad))
        .as(
            "IV of %d, ciphertext of %d, tag of %d, AAD of %d bytes",
            bad.iv().length(), bad.ciphertext().length(), bad.tag().length(), withAad.length)
        .isInstanceOf(AuthenticationTagMismatch.class);
  }

  private void assertStillWorks(BackendKeyRef key, Sealed good) {
    assertThat(decrypt(key, good, aad)).as("the untouched ciphertext").isEqualTo(plaintext);
  }

  private static Bytes flipped(Bytes bytes, int index) {
    byte[] copy = bytes.toByteArray();
    copy[index] ^= (byte) (1 << (index % 8));
    return Bytes.adopt(copy);
  }

  private static Bytes resized(Bytes bytes, int length) {
    return Bytes.adopt(Arrays.copyOf(bytes.toByteArray(), length));
  }
}
