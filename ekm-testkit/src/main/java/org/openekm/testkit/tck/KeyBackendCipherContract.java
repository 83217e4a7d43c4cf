// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;

/** The part of {@link KeyBackendTck} that says what an encryption gives. */
abstract class KeyBackendCipherContract extends KeyBackendFixture {

  private static final int IV_BYTES = 12;
  private static final int TAG_BYTES = 16;

  /** The last 256-bit example with AAD of the GCM specification by McGrew and Viega. */
  private record KnownAnswer(
      String key, String iv, String plaintext, String aad, String ciphertext, String tag) {}

  private static final KnownAnswer KNOWN_ANSWER =
      new KnownAnswer(
          "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
          "cafebabefacedbaddecaf888",
          "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
              + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
          "feedfacedeadbeeffeedfacedeadbeefabaddad2",
          "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
              + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
          "76fc6ece0f4e1768cddf8853bb2d551b");

  @Test
  protected void decrypt_ofEncrypt_givesThePlaintextAtEverySize() {
    BackendKeyRef key = someKey();
    byte[] aad = randomArray(usualAad());
    for (int size : plaintextSizes()) {
      byte[] plaintext = randomArray(size);

      BackendCiphertext made = encrypt(key, plaintext, aad);

      assertThat(decrypt(key, parts(made), aad))
          .as("plaintext of %d bytes", size)
          .isEqualTo(plaintext);
    }
  }

  @Test
  protected void decrypt_ofEncrypt_givesThePlaintextAtEveryAadSize() {
    BackendKeyRef key = someKey();
    byte[] plaintext = randomArray(usualLength());
    for (int size : aadSizes()) {
      byte[] aad = randomArray(size);

      BackendCiphertext made = encrypt(key, plaintext, aad);

      assertThat(decrypt(key, parts(made), aad)).as("AAD of %d bytes", size).isEqualTo(plaintext);
    }
  }

  @Test
  protected void encrypt_result_hasTheContractsLengths() {
    BackendKeyRef key = someKey();
    for (int size : plaintextSizes()) {
      BackendCiphertext made = encrypt(key, randomArray(size), randomArray(usualAad()));

      assertThat(made.iv().length()).as("IV").isEqualTo(IV_BYTES);
      assertThat(made.tag().length()).as("tag").isEqualTo(TAG_BYTES);
      assertThat(made.ciphertext().length()).as("ciphertext").isEqualTo(size);
    }
  }

  @Test
  protected void encrypt_iv_isNeverAllZero() {
    BackendKeyRef key = someKey();
    for (int i = 0; i < 3; i++) {
      BackendCiphertext made = encrypt(key, randomArray(usualLength()), new byte[0]);

      assertThat(made.iv())
          .as("an IV of zeros means that no generator made it")
          .isNotEqualTo(Bytes.adopt(new byte[12]));
    }
  }

  @Test
  protected void encrypt_samePlaintextTwice_givesDifferentIvAndCiphertext() {
    BackendKeyRef key = someKey();
    byte[] plaintext = new byte[Math.min(64, backend().capabilities().maxPlaintextBytes())];

    BackendCiphertext first = encrypt(key, plaintext, new byte[0]);
    BackendCiphertext second = encrypt(key, plaintext, new byte[0]);

    assertThat(second.iv()).isNotEqualTo(first.iv());
    assertThat(second.tag()).isNotEqualTo(first.tag());
    if (plaintext.length >= 16) {
      assertThat(second.ciphertext()).isNotEqualTo(first.ciphertext());
    }
  }

  @Test
  protected void encrypt_run_neverRepeatsAnIv() {
    BackendKeyRef key = someKey();
    byte[] plaintext = randomArray(usualLength());
    Set<Bytes> ivs = new HashSet<>();
    int run = ivRunLength();

    for (int i = 0; i < run; i++) {
      ivs.add(encrypt(key, plaintext, new byte[0]).iv());
    }

    assertThat(ivs).as("different IVs in %d encryptions under one key", run).hasSize(run);
  }

  @Test
  protected void encrypt_afterReopening_doesNotStartTheIvsAgain() {
    BackendKeyRef key = someKey();
    byte[] plaintext = randomArray(usualLength());
    Set<Bytes> ivs = new HashSet<>();
    int each = 20;

    for (int i = 0; i < each; i++) {
      ivs.add(encrypt(key, plaintext, new byte[0]).iv());
    }
    try (KeyBackend second = openSecond();
        SecretBytes secret = SecretBytes.copyOf(plaintext)) {
      for (int i = 0; i < each; i++) {
        ivs.add(second.encrypt(key, secret, Bytes.empty(), soon()).iv());
      }
    }

    assertThat(ivs).as("different IVs of two backends on one key").hasSize(2 * each);
  }

  @Test
  protected void encrypt_underImportedKey_givesWhatTheJdkComputes() {
    assumeFeature(BackendFeature.IMPORT_KEY);
    for (int keyLength : sortedKeyLengths()) {
      byte[] material = randomArray(keyLength);
      BackendKeyRef key = importMaterial(material);
      byte[] plaintext = randomArray(usualLength());
      byte[] aad = randomArray(usualAad());

      BackendCiphertext made = encrypt(key, plaintext, aad);

      Sealed expected = JcaGcm.encrypt(material, made.iv().toByteArray(), plaintext, aad);
      assertThat(parts(made)).as("key of %d bytes", keyLength).isEqualTo(expected);
    }
  }

  @Test
  protected void decrypt_ofTheJdksCiphertext_givesThePlaintext() {
    assumeFeature(BackendFeature.IMPORT_KEY);
    for (int keyLength : sortedKeyLengths()) {
      byte[] material = randomArray(keyLength);
      BackendKeyRef key = importMaterial(material);
      byte[] plaintext = randomArray(usualLength());
      byte[] aad = randomArray(usualAad());
      Sealed elsewhere = JcaGcm.encrypt(material, randomArray(IV_BYTES), plaintext, aad);

      assertThat(decrypt(key, elsewhere, aad))
          .as("key of %d bytes", keyLength)
          .isEqualTo(plaintext);
    }
  }

  @Test
  protected void decrypt_ofAKnownAnswer_givesItsPlaintext() {
    HexFormat hex = HexFormat.of();
    byte[] plaintext = hex.parseHex(KNOWN_ANSWER.plaintext());
    byte[] aad = hex.parseHex(KNOWN_ANSWER.aad());
    assumeTrue(
        plaintext.length <= backend().capabilities().maxPlaintextBytes(),
        "the plaintext is too long");
    assumeTrue(aad.length <= backend().capabilities().maxAadBytes(), "the AAD is too long");
    BackendKeyRef key = importMaterial(hex.parseHex(KNOWN_ANSWER.key()));
    Sealed known =
        new Sealed(
            Bytes.ofHex(KNOWN_ANSWER.iv()),
            Bytes.ofHex(KNOWN_ANSWER.ciphertext()),
            Bytes.ofHex(KNOWN_ANSWER.tag()));

    assertThat(decrypt(key, known, aad)).isEqualTo(plaintext);
  }

  @Test
  protected void encrypt_plaintext_staysTheCallersAndUnchanged() {
    BackendKeyRef key = someKey();
    byte[] original = randomArray(usualLength());
    try (SecretBytes plaintext = SecretBytes.copyOf(original)) {
      backend().encrypt(key, plaintext, Bytes.empty(), soon());

      assertThat(plaintext.isDestroyed()).isFalse();
      assertThat(plaintext.toByteArray()).isEqualTo(original);
    }
  }

  @Test
  protected void decrypt_twice_givesIndependentPlaintexts() {
    BackendKeyRef key = someKey();
    byte[] original = randomArray(usualLength());
    Sealed made = parts(encrypt(key, original, new byte[0]));

    SecretBytes first = backend().decrypt(key, made, Bytes.empty(), soon());
    try (SecretBytes second = backend().decrypt(key, made, Bytes.empty(), soon())) {
      first.destroy();

      assertThat(second.toByteArray()).isEqualTo(original);
    }
  }

  @Test
  protected void encrypt_overTheDeclaredLimit_isRefusedOrRight() {
    int over = backend().capabilities().maxPlaintextBytes() + 1;
    assumeTrue(over > 0 && over <= 1 << 20, "the declared limit is too large to go beyond");
    BackendKeyRef key = someKey();
    byte[] plaintext = randomArray(over);
    BackendCiphertext made;
    try {
      made = encrypt(key, plaintext, new byte[0]);
    } catch (BackendException e) {
      assertThat(e)
          .as("a limit is no wrong tag")
          .isNotInstanceOf(BackendException.AuthenticationTagMismatch.class);
      return;
    }
    assertThat(decrypt(key, parts(made), new byte[0])).isEqualTo(plaintext);
  }

  private List<Integer> sortedKeyLengths() {
    return backend().capabilities().keyLengths().stream()
        .sorted(Comparator.naturalOrder())
        .toList();
  }
}
