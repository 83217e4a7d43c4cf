// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.wire.Wire.IV;
import static org.openekm.core.wire.Wire.TAG;
import static org.openekm.core.wire.Wire.VERSION;
import static org.openekm.core.wire.Wire.json;
import static org.openekm.core.wire.Wire.refusal;
import static org.openekm.core.wire.Wire.utf8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EncryptRequest;
import org.openekm.api.RandomBytesRequest;

/** What {@code oci-strict} takes, and that it takes nothing else. */
final class StrictRequestTest {

  private static final String CANONICAL_DECRYPTION =
      "{\"ciphertext\":\"/w==\",\"iv\":\"" + IV + "\",\"tag\":\"" + TAG + "\"}";

  private final Wire wire = Wire.strict();

  @Test
  void encrypt_canonicalFields_areTaken() {
    EncryptRequest request =
        wire.encrypt(
            json("{'plaintext':'AQ==','mode':'AES_GCM','aad':'Ag==','keyVersionId':'%s'}")
                .formatted(VERSION));

    assertThat(request.plaintext().toByteArray()).containsExactly(1);
    assertThat(request.aad()).isEqualTo(Bytes.ofHex("02"));
    assertThat(request.version()).contains(VERSION);
  }

  @Test
  void encrypt_plaintextAndModeAlone_areTaken() {
    EncryptRequest request = wire.encrypt(json("{'plaintext':'AQ==','mode':'AES_GCM'}"));

    assertThat(request.version()).isEmpty();
    assertThat(request.aad()).isEqualTo(Bytes.empty());
  }

  @Test
  void decrypt_canonicalFields_areTaken() {
    DecryptRequest request = wire.decrypt(CANONICAL_DECRYPTION);

    assertThat(request.sealed().ciphertext()).isEqualTo(Bytes.ofHex("ff"));
    assertThat(request.sealed().iv()).isEqualTo(Bytes.copyOf(new byte[12]));
    assertThat(request.sealed().tag()).isEqualTo(Bytes.copyOf(new byte[16]));
  }

  @Test
  void random_canonicalFieldsOrNothing_areTaken() {
    RandomBytesRequest request = wire.random(json("{'length':16,'aad':'Ag==','mode':'AES_GCM'}"));

    assertThat(request.length()).isEqualTo(16);
    assertThat(request.aad()).isEqualTo(Bytes.ofHex("02"));
    assertThat(wire.random("").length()).isEqualTo(32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plainText", "data", "additionalAuthenticatedData", "associatedData", "additionalData",
        "versionId", "externalKeyVersionId", "keyVersion", "encryptionAlgorithm", "algorithm",
        "iv", "initializationVector", "nonce", "foo", ""
      })
  void encrypt_anyOtherName_isRefusedWithTheNamesThatAreTaken(String name) {
    assertThat(
            refusal(() -> wire.encrypt("{\"plaintext\":\"AQ==\",\"" + name + "\":\"AQ==\"}"))
                .safeDetail())
        .isEqualTo("body may hold only plaintext, aad, keyVersionId, mode");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cipherText",
        "encryptedData",
        "initializationVector",
        "nonce",
        "authTag",
        "authenticationTag",
        "keyId"
      })
  void decrypt_anyOtherName_isRefused(String name) {
    String body = CANONICAL_DECRYPTION.replace("}", ",\"" + name + "\":null}");

    assertThat(refusal(() -> wire.decrypt(body)).safeDetail())
        .isEqualTo("body may hold only ciphertext, iv, tag, aad, keyVersionId, mode");
  }

  @ParameterizedTest
  @ValueSource(strings = {"numBytes", "numberOfBytes", "lengthInBytes", "size"})
  void random_anyOtherName_isRefused(String name) {
    assertThat(refusal(() -> wire.random("{\"" + name + "\":16}")).field()).contains("body");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aes_gcm", "AES_256_GCM", "AES-GCM", "GCM", "AES/GCM/NoPadding", ""})
  void encrypt_anyOtherModeWord_isRefused(String mode) {
    assertThat(
            refusal(() -> wire.encrypt("{\"plaintext\":\"AQ==\",\"mode\":\"" + mode + "\"}"))
                .safeDetail())
        .isEqualTo("mode must be AES_GCM");
  }

  @Test
  void random_lengthAsString_isRefused() {
    assertThat(refusal(() -> wire.random(json("{'length':'48'}"))).safeDetail())
        .isEqualTo("length must be a whole number of bytes");
  }

  @Test
  void encrypt_base64WithoutPadding_isRefusedAtTheUnfinishedGroup() {
    assertThat(refusal(() -> wire.encrypt(json("{'plaintext':'AAAAAQ'}"))).inputOffset())
        .hasValue(4);
  }

  @Test
  void encrypt_base64UrlSafe_isRefused() {
    assertThat(refusal(() -> wire.encrypt(json("{'plaintext':'AAA-'}"))).inputOffset()).hasValue(3);
  }

  @Test
  void decrypt_tagAppendedToTheCiphertext_isRefused() {
    assertThat(
            refusal(
                    () ->
                        wire.decrypt(
                            "{\"ciphertext\":\"/wECAwQFBgcICQoLDA0ODxA=\",\"iv\":\"" + IV + "\"}"))
                .safeDetail())
        .isEqualTo("tag is required");
  }

  @Test
  void version_inThePath_isNoRoute() {
    assertThat(refusal(() -> wire.versionRoute(VERSION.toString(), "encrypt")).code())
        .isEqualTo(EkmErrorCode.ROUTE_NOT_FOUND);
  }

  @Test
  void version_inTheQuery_isRefused() {
    Route route = wire.route("encrypt", "keyVersionId=" + VERSION);

    assertThat(
            refusal(() -> wire.codec.readEncrypt(route, utf8("{\"plaintext\":\"AA==\"}")))
                .safeDetail())
        .isEqualTo("query must be empty");
  }

  @Test
  void random_byGet_isNoMethod() {
    assertThat(
            refusal(() -> wire.routes.match("GET", Wire.KEY_PATH + "/generateRandomBytes", ""))
                .code())
        .isEqualTo(EkmErrorCode.METHOD_NOT_ALLOWED);
  }
}
