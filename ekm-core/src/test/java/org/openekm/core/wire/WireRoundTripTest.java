// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.wire.Wire.KEY;
import static org.openekm.core.wire.Wire.VAULT;
import static org.openekm.core.wire.Wire.VERSION;
import static org.openekm.core.wire.Wire.json;

import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest;
import org.openekm.api.DecryptResult;
import org.openekm.api.EncryptRequest;
import org.openekm.api.EncryptResult;
import org.openekm.api.KeyMetadata;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionMetadata;
import org.openekm.api.RandomBytesRequest;
import org.openekm.api.RandomBytesResult;
import org.openekm.api.SecretBytes;
import org.openekm.api.VaultMetadata;

final class WireRoundTripTest {

  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final EncryptResult SEALED =
      new EncryptResult(
          VERSION,
          Bytes.ofHex("000102030405060708090a0b"),
          Bytes.ofHex("ff"),
          Bytes.ofHex("101112131415161718191a1b1c1d1e1f"));
  private static final KeyMetadata KEY_METADATA =
      new KeyMetadata(VAULT, KEY, "disk key", KeyState.ACTIVE, 32, VERSION, CREATED);

  private final Wire lenient = Wire.lenient();
  private final Wire strict = Wire.strict();

  @Test
  void encryptThenDecrypt_throughTheWireOnly_givesThePartsBack() {
    Random random = new Random(3);
    for (int length : new int[] {1, 2, 3, 31, 32, 4096, 65536}) {
      byte[] plaintext = new byte[length];
      random.nextBytes(plaintext);
      String sent = "{\"plaintext\":\"" + Base64.getEncoder().encodeToString(plaintext) + "\"}";

      for (Wire wire : new Wire[] {lenient, strict}) {
        EncryptRequest request = wire.encrypt(sent);
        assertThat(request.plaintext().toByteArray()).isEqualTo(plaintext);
        EncryptResult result =
            new EncryptResult(VERSION, SEALED.iv(), Bytes.copyOf(plaintext), SEALED.tag());
        String answer = new String(wire.codec.write(request, result), UTF_8);

        DecryptRequest.Sealed parts = lenient.decrypt(answer).sealed();
        assertThat(parts)
            .isEqualTo(new DecryptRequest.Sealed(result.iv(), result.ciphertext(), result.tag()));
      }
    }
  }

  @Test
  void write_vaultMetadata_followsTheContract() {
    VaultMetadata vault = new VaultMetadata(VAULT, "main vault", CREATED);

    assertThat(lenient.codec.write(vault))
        .asString(UTF_8)
        .isEqualTo(
            json("{'vaultId':'%1$s','id':'%1$s','name':'main vault','displayName':'main vault',"
                    + "'state':'ACTIVE','vendor':'OpenEKM','timeCreated':'2026-01-02T03:04:05.678Z'}")
                .formatted(VAULT));
    assertThat(strict.codec.write(vault))
        .asString(UTF_8)
        .isEqualTo(
            json("{'vaultId':'%s','name':'main vault',"
                    + "'state':'ACTIVE','vendor':'OpenEKM','timeCreated':'2026-01-02T03:04:05.678Z'}")
                .formatted(VAULT));
  }

  @Test
  void write_keyMetadata_tellsTheCurrentVersionAndTheShape() {
    assertThat(lenient.codec.write(KEY_METADATA))
        .asString(UTF_8)
        .isEqualTo(
            json("{'keyId':'%1$s','id':'%1$s','vaultId':'%2$s','name':'disk key','displayName':'disk key',"
                    + "'state':'ACTIVE','algorithm':'AES','length':32,"
                    + "'keyShape':{'algorithm':'AES','length':32},'keyVersionId':'%3$s',"
                    + "'currentKeyVersionId':'%3$s','timeCreated':'2026-01-02T03:04:05.678Z'}")
                .formatted(KEY, VAULT, VERSION));
    assertThat(strict.codec.write(KEY_METADATA))
        .asString(UTF_8)
        .isEqualTo(
            json("{'keyId':'%s','vaultId':'%s','name':'disk key','state':'ACTIVE','algorithm':'AES',"
                    + "'length':32,'keyVersionId':'%s','timeCreated':'2026-01-02T03:04:05.678Z'}")
                .formatted(KEY, VAULT, VERSION));
  }

  @Test
  void write_keyVersionMetadata_tellsTheVersionsOwnStateAndTime() {
    KeyVersionMetadata old =
        new KeyVersionMetadata(
            KEY_METADATA,
            Wire.OTHER,
            KeyState.DISABLED,
            false,
            Instant.parse("2025-01-01T00:00:00Z"));

    for (Wire wire : new Wire[] {lenient, strict}) {
      assertThat(wire.codec.write(old))
          .asString(UTF_8)
          .contains(
              "\"keyVersionId\":\"" + Wire.OTHER + "\"",
              "\"state\":\"DISABLED\"",
              "\"isCurrent\":false",
              "\"timeCreated\":\"2025-01-01T00:00:00Z\"");
    }
  }

  @Test
  void write_nameWithQuotesControlsAndUmlauts_isEscaped() {
    VaultMetadata vault = new VaultMetadata(VAULT, "a\"b\\c\n\u0001ü😀\ud800", CREATED);

    assertThat(strict.codec.write(vault))
        .asString(UTF_8)
        .contains("\"name\":\"a\\\"b\\\\c\\u000a\\u0001ü😀?\"");
  }

  @Test
  void write_encryption_hasNoSecondNames() {
    EncryptRequest request =
        new EncryptRequest(
            VAULT, KEY, Optional.empty(), SecretBytes.adopt(new byte[1]), Bytes.empty());

    for (Wire wire : new Wire[] {lenient, strict}) {
      assertThat(wire.codec.write(request, SEALED))
          .asString(UTF_8)
          .isEqualTo(
              json("{'ciphertext':'/w==','iv':'AAECAwQFBgcICQoL','tag':'EBESExQVFhcYGRobHB0eHw==',"
                      + "'keyId':'%s','keyVersionId':'%s','mode':'AES_GCM'}")
                  .formatted(KEY, VERSION));
    }
  }

  @Test
  void write_decryption_givesThePlaintextAndLeavesTheSecretToItsOwner() {
    DecryptRequest request =
        new DecryptRequest(
            VAULT,
            KEY,
            Optional.empty(),
            new DecryptRequest.Sealed(SEALED.iv(), SEALED.ciphertext(), SEALED.tag()),
            Bytes.empty());
    SecretBytes plaintext = SecretBytes.adopt(Wire.utf8("hello"));

    for (Wire wire : new Wire[] {lenient, strict}) {
      assertThat(wire.codec.write(request, new DecryptResult(VERSION, plaintext)))
          .asString(UTF_8)
          .isEqualTo(
              json("{'plaintext':'aGVsbG8=','keyId':'%s','keyVersionId':'%s','mode':'AES_GCM'}")
                  .formatted(KEY, VERSION));
    }
    assertThat(plaintext.isDestroyed()).isFalse();
  }

  @Test
  void write_randomBytes_areSealedInTheLenientProfileAndPlainInTheStrictOne() {
    RandomBytesRequest request =
        new RandomBytesRequest(VAULT, KEY, Optional.empty(), 1, Bytes.empty());
    RandomBytesResult result =
        new RandomBytesResult(VERSION, SecretBytes.adopt(new byte[] {1}), Optional.of(SEALED));

    assertThat(lenient.profile.sealsRandomBytes()).isTrue();
    assertThat(lenient.codec.write(request, result))
        .asString(UTF_8)
        .isEqualTo(
            json("{'plaintext':'AQ==','randomBytes':'AQ==','ciphertext':'/w==','iv':'AAECAwQFBgcICQoL',"
                    + "'tag':'EBESExQVFhcYGRobHB0eHw==','keyId':'%s','keyVersionId':'%s','mode':'AES_GCM'}")
                .formatted(KEY, VERSION));
    assertThat(strict.profile.sealsRandomBytes()).isFalse();
    assertThat(strict.codec.write(request, result))
        .asString(UTF_8)
        .isEqualTo(
            json("{'plaintext':'AQ==','keyId':'%s','keyVersionId':'%s','mode':'AES_GCM'}")
                .formatted(KEY, VERSION));
  }

  @Test
  void write_randomBytesWithoutTheirEncryption_leavesItsFieldsOut() {
    RandomBytesRequest request =
        new RandomBytesRequest(VAULT, KEY, Optional.empty(), 1, Bytes.empty());
    RandomBytesResult result =
        new RandomBytesResult(VERSION, SecretBytes.adopt(new byte[] {1}), Optional.empty());

    assertThat(lenient.codec.write(request, result))
        .asString(UTF_8)
        .contains("\"plaintext\":\"AQ==\"")
        .doesNotContain("ciphertext", "\"iv\"", "\"tag\"");
  }
}
