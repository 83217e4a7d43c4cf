// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.wire.Wire.IV;
import static org.openekm.core.wire.Wire.OTHER;
import static org.openekm.core.wire.Wire.TAG;
import static org.openekm.core.wire.Wire.VERSION;
import static org.openekm.core.wire.Wire.json;
import static org.openekm.core.wire.Wire.refusal;
import static org.openekm.core.wire.Wire.utf8;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.EncryptRequest;
import org.openekm.api.RandomBytesRequest;

/** What {@code oci-default} forgives, point by point. */
final class LenientRequestTest {

  private final Wire wire = Wire.lenient();

  @ParameterizedTest
  @ValueSource(strings = {"plaintext", "plainText", "data"})
  void encrypt_anyNameOfThePlaintext_isTaken(String name) {
    EncryptRequest request = wire.encrypt("{\"" + name + "\":\"aGVsbG8=\",\"mode\":\"AES_GCM\"}");

    assertThat(request.plaintext().toByteArray()).isEqualTo(utf8("hello"));
    assertThat(request.aad()).isEqualTo(Bytes.empty());
    assertThat(request.version()).isEmpty();
    assertThat(request.vault()).isEqualTo(Wire.VAULT);
    assertThat(request.key()).isEqualTo(Wire.KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ciphertext", "cipherText", "encryptedData"})
  void decrypt_anyNameOfTheCiphertext_isTaken(String name) {
    DecryptRequest request = wire.decrypt(decryption("ciphertext", name));

    assertThat(request.sealed().ciphertext()).isEqualTo(Bytes.ofHex("ff"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iv", "initializationVector", "nonce"})
  void decrypt_anyNameOfTheIv_isTaken(String name) {
    assertThat(wire.decrypt(decryption("iv", name)).sealed().iv().length()).isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tag", "authTag", "authenticationTag"})
  void decrypt_anyNameOfTheTag_isTaken(String name) {
    assertThat(wire.decrypt(decryption("tag", name)).sealed().tag().length()).isEqualTo(16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"aad", "additionalAuthenticatedData", "associatedData", "additionalData"})
  void allOperations_anyNameOfTheAad_isTaken(String name) {
    String aad = "\"" + name + "\":\"AQI=\"";

    assertThat(wire.encrypt("{\"plaintext\":\"AA==\"," + aad + "}").aad())
        .isEqualTo(Bytes.ofHex("0102"));
    assertThat(wire.decrypt(decryption("", "").replace("}", "," + aad + "}")).aad())
        .isEqualTo(Bytes.ofHex("0102"));
    assertThat(wire.random("{" + aad + "}").aad()).isEqualTo(Bytes.ofHex("0102"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"keyVersionId", "versionId", "externalKeyVersionId", "keyVersion"})
  void allOperations_anyNameOfTheKeyVersion_isTaken(String name) {
    String version = "\"" + name + "\":\"" + VERSION + "\"";

    assertThat(wire.encrypt("{\"plaintext\":\"AA==\"," + version + "}").version())
        .contains(VERSION);
    assertThat(wire.decrypt(decryption("", "").replace("}", "," + version + "}")).version())
        .contains(VERSION);
    assertThat(wire.random("{" + version + "}").version()).contains(VERSION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"length", "numBytes", "numberOfBytes", "lengthInBytes", "size"})
  void random_anyNameOfTheLength_isTaken(String name) {
    assertThat(wire.random("{\"" + name + "\":16}").length()).isEqualTo(16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mode", "encryptionAlgorithm", "algorithm"})
  void encrypt_anyNameOfTheMode_isTakenAndChecked(String name) {
    String good = "{\"plaintext\":\"AA==\",\"" + name + "\":\"AES_GCM\"}";

    assertThat(wire.encrypt(good).plaintext().length()).isEqualTo(1);
    assertThat(refusal(() -> wire.encrypt(good.replace("GCM", "CBC"))).field()).contains("mode");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AES_GCM", "AES_256_GCM", "AES-GCM", "GCM", "AES/GCM/NoPadding"})
  void encrypt_anyWordForTheModeInAnyCase_isTaken(String mode) {
    for (String written :
        new String[] {mode, mode.toLowerCase(Locale.ROOT), mode.toUpperCase(Locale.ROOT)}) {
      assertThat(
              wire.encrypt("{\"plaintext\":\"AA==\",\"mode\":\"" + written + "\"}")
                  .plaintext()
                  .length())
          .isEqualTo(1);
    }
  }

  @Test
  void allOperations_nullField_isAsIfAbsent() {
    EncryptRequest encrypt =
        wire.encrypt(
            json("{'plaintext':'AA==','iv':null,'aad':null,'mode':null,'keyVersionId':null}"));
    RandomBytesRequest random = wire.random(json("{'length':null,'aad':null}"));

    assertThat(encrypt.aad()).isEqualTo(Bytes.empty());
    assertThat(encrypt.version()).isEmpty();
    assertThat(random.length()).isEqualTo(32);
  }

  @Test
  void encrypt_nullPlaintext_isMissing() {
    assertThat(refusal(() -> wire.encrypt(json("{'plaintext':null}"))).safeDetail())
        .isEqualTo("plaintext is required");
  }

  @Test
  void encrypt_unknownFieldsOfAnyShape_areSkipped() {
    EncryptRequest request =
        wire.encrypt(
            json(
                "{'keyId':'x','loggingContext':{'a':['b',{'plaintext':'c'}]},'n':-1.5e3,'t':true,"
                    + "'u':null,'plaintext':'AQ==','last':[]}"));

    assertThat(request.plaintext().toByteArray()).containsExactly(1);
  }

  @Test
  void encrypt_unknownFieldNested16Levels_isSkipped() {
    String fifteen = "[".repeat(15) + "]".repeat(15);

    assertThat(wire.encrypt("{\"a\":" + fifteen + ",\"plaintext\":\"AQ==\"}").plaintext().length())
        .isEqualTo(1);
  }

  @Test
  void encrypt_duplicateInsideAnUnknownField_isRefused() {
    assertThat(refusal(() -> wire.encrypt(json("{'a':{'b':1,'b':2},'plaintext':'AQ=='}"))).field())
        .contains("body");
  }

  @Test
  void random_lengthAsString_isTaken() {
    assertThat(wire.random(json("{'length':'48'}")).length()).isEqualTo(48);
  }

  @Test
  void encrypt_base64WithoutPaddingOrUrlSafe_isTaken() {
    assertThat(wire.encrypt(json("{'plaintext':'-_8'}")).plaintext().toByteArray())
        .containsExactly(0xfb, 0xff);
    assertThat(wire.encrypt(json("{'plaintext':'+/8='}")).plaintext().toByteArray())
        .containsExactly(0xfb, 0xff);
  }

  @Test
  void encrypt_base64WithJsonEscapes_isTakenBecauseSomeWritersEscapeSlashAndEquals() {
    EncryptRequest request =
        wire.encrypt("{\"plaintext\":\"+\\/8\\u003d\",\"\\u0061ad\":\"\\u0041Q\\u003D\\u003d\"}");

    assertThat(request.plaintext().toByteArray()).containsExactly(0xfb, 0xff);
    assertThat(request.aad()).isEqualTo(Bytes.ofHex("01"));
  }

  @Test
  void decrypt_tagAppendedToTheCiphertext_isSplitOff() {
    // 1 byte of ciphertext, 16 bytes of tag
    DecryptRequest request =
        wire.decrypt("{\"ciphertext\":\"/wECAwQFBgcICQoLDA0ODxA=\",\"iv\":\"" + IV + "\"}");

    assertThat(request.sealed().ciphertext()).isEqualTo(Bytes.ofHex("ff"));
    assertThat(request.sealed().tag()).isEqualTo(Bytes.ofHex("0102030405060708090a0b0c0d0e0f10"));
  }

  @Test
  void decrypt_tagGivenBesideALongCiphertext_leavesTheCiphertextWhole() {
    DecryptRequest request =
        wire.decrypt(
            "{\"ciphertext\":\"/wECAwQFBgcICQoLDA0ODxA=\",\"iv\":\"%s\",\"tag\":\"%s\"}"
                .formatted(IV, TAG));

    assertThat(request.sealed().ciphertext().length()).isEqualTo(17);
  }

  @Test
  void decrypt_ciphertextTooShortForAnAppendedTag_needsTheTag() {
    EkmException refusal =
        refusal(() -> wire.decrypt("{\"ciphertext\":\"/w==\",\"iv\":\"" + IV + "\"}"));

    assertThat(refusal.safeDetail()).isEqualTo("tag is required");
  }

  @Test
  void decrypt_nothingButATag_isRefused() {
    EkmException refusal =
        refusal(() -> wire.decrypt("{\"ciphertext\":\"" + TAG + "\",\"iv\":\"" + IV + "\"}"));

    assertThat(refusal.safeDetail())
        .isEqualTo("ciphertext must be at least 1 byte without the tag");
  }

  @Test
  void version_inThePath_isTaken() {
    Route route = wire.versionRoute(VERSION.toString().toUpperCase(Locale.ROOT), "encrypt");

    assertThat(wire.codec.readEncrypt(route, utf8("{\"plaintext\":\"AA==\"}")).version())
        .contains(VERSION);
  }

  @Test
  void version_inTheQuery_isTakenBesideUnknownParameters() {
    Route route = wire.route("decrypt", "a=b&keyVersionId=" + VERSION + "&c&=&");

    assertThat(wire.codec.readDecrypt(route, utf8(decryption("", ""))).version()).contains(VERSION);
  }

  @Test
  void version_samePlaceTwiceOrThreePlacesAgreeing_onlyAgreementIsTaken() {
    Route route =
        wire.routes.match(
            "POST",
            Wire.KEY_PATH + "/keyVersions/" + VERSION + "/encrypt",
            "keyVersionId=" + VERSION.toString().toUpperCase(Locale.ROOT));
    byte[] agreeing = utf8("{\"plaintext\":\"AA==\",\"keyVersion\":\"" + VERSION + "\"}");
    byte[] other = utf8("{\"plaintext\":\"AA==\",\"keyVersion\":\"" + OTHER + "\"}");

    assertThat(wire.codec.readEncrypt(route, agreeing).version()).contains(VERSION);
    EkmException refusal = refusal(() -> wire.codec.readEncrypt(route, other));
    assertThat(refusal.code()).isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
    assertThat(refusal.safeDetail())
        .isEqualTo("keyVersionId is given twice with different values; give it once");
  }

  @Test
  void version_twiceInTheQuery_isRefused() {
    Route route = wire.route("encrypt", "keyVersionId=" + VERSION + "&versionId=" + VERSION);

    assertThat(
            refusal(() -> wire.codec.readEncrypt(route, utf8("{\"plaintext\":\"AA==\"}")))
                .safeDetail())
        .isEqualTo("keyVersionId is given more than once");
  }

  @Test
  void random_byGetWithALengthInTheQuery_isTaken() {
    Route route =
        wire.routes.match(
            "GET", Wire.KEY_PATH + "/generateRandomBytes", "length=24&keyVersionId=" + VERSION);

    RandomBytesRequest request = wire.codec.readRandomBytes(route, new byte[0]);

    assertThat(request.length()).isEqualTo(24);
    assertThat(request.version()).contains(VERSION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"length=", "length", "length=%31", "length=+1", "length=1.0", "length=9999999999"})
  void random_lengthInTheQueryThatIsNoNumber_isRefused(String query) {
    Route route = wire.routes.match("GET", Wire.KEY_PATH + "/generateRandomBytes", query);

    assertThat(refusal(() -> wire.codec.readRandomBytes(route, new byte[0])).safeDetail())
        .isEqualTo("length must be a whole number of bytes");
  }

  @Test
  void random_lengthInQueryAndBody_mustAgree() {
    Route route = wire.route("generateRandomBytes", "length=16");

    assertThat(wire.codec.readRandomBytes(route, utf8("{\"size\":16}")).length()).isEqualTo(16);
    assertThat(refusal(() -> wire.codec.readRandomBytes(route, utf8("{\"size\":17}"))).field())
        .contains("length");
  }

  @Test
  void query_overlong_isRefused() {
    Route route = wire.route("encrypt", "a=" + "b".repeat(2000));

    assertThat(refusal(() -> wire.codec.readEncrypt(route, new byte[0])).field()).contains("query");
  }

  private static String decryption(String field, String name) {
    String body = "{\"ciphertext\":\"/w==\",\"iv\":\"%s\",\"tag\":\"%s\"}".formatted(IV, TAG);
    return field.isEmpty() ? body : body.replace("\"" + field + "\"", "\"" + name + "\"");
  }
}
