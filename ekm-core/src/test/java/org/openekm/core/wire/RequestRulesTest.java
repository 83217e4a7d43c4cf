// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.wire.Wire.IV;
import static org.openekm.core.wire.Wire.TAG;
import static org.openekm.core.wire.Wire.VERSION;
import static org.openekm.core.wire.Wire.json;
import static org.openekm.core.wire.Wire.refusal;
import static org.openekm.core.wire.Wire.utf8;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;

/** What holds whichever of the two profiles is in use. */
final class RequestRulesTest {

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void encrypt_plaintextOf64KiB_isTakenAndOneByteMoreIsTooLarge(Wire wire) {
    assertThat(wire.encrypt(plaintext(65536)).plaintext().length()).isEqualTo(65536);
    for (int length : new int[] {65537, 65538, 65539, 65540, 131072}) {
      EkmException refusal = refusal(() -> wire.encrypt(plaintext(length)));
      assertThat(refusal.code()).isEqualTo(EkmErrorCode.TOO_LARGE);
      assertThat(refusal.safeDetail()).isEqualTo("plaintext must be at most 65536 bytes");
    }
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void encrypt_emptyPlaintext_isRefused(Wire wire) {
    assertThat(refusal(() -> wire.encrypt(json("{'plaintext':''}"))).safeDetail())
        .isEqualTo("plaintext must be at least 1 byte");
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void encrypt_aadOf64KiB_isTakenAndOneByteMoreIsTooLarge(Wire wire) {
    String most = json("{'plaintext':'AA==','aad':'%s'}").formatted(base64(65536));
    String more = json("{'plaintext':'AA==','aad':'%s'}").formatted(base64(65537));

    assertThat(wire.encrypt(most).aad().length()).isEqualTo(65536);
    assertThat(refusal(() -> wire.encrypt(more)).code()).isEqualTo(EkmErrorCode.TOO_LARGE);
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void encrypt_callerSuppliedIv_isRefused(Wire wire) {
    EkmException refusal =
        refusal(() -> wire.encrypt("{\"plaintext\":\"AA==\",\"iv\":\"" + IV + "\"}"));

    assertThat(refusal.code()).isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void decrypt_ciphertextOf64KiB_isTakenAndOneByteMoreIsTooLarge(Wire wire) {
    assertThat(wire.decrypt(ciphertext(65536)).sealed().ciphertext().length()).isEqualTo(65536);
    for (int length : new int[] {65537, 65552, 65553}) {
      assertThat(refusal(() -> wire.decrypt(ciphertext(length))).safeDetail())
          .startsWith("ciphertext must be at most 655");
    }
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void decrypt_ivOfAnyOtherLength_isRefused(Wire wire) {
    for (int length : new int[] {0, 1, 8, 11, 13, 16, 64}) {
      String body =
          json("{'ciphertext':'/w==','iv':'%s','tag':'%s'}").formatted(base64(length), TAG);
      assertThat(refusal(() -> wire.decrypt(body)).safeDetail()).isEqualTo("iv must be 12 bytes");
    }
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void decrypt_tagOfAnyOtherLength_isRefusedSinceTruncatedTagsForgeEasily(Wire wire) {
    for (int length : new int[] {0, 1, 4, 8, 12, 15, 17, 32}) {
      String body =
          json("{'ciphertext':'/w==','iv':'%s','tag':'%s'}").formatted(IV, base64(length));
      assertThat(refusal(() -> wire.decrypt(body)).safeDetail()).isEqualTo("tag must be 16 bytes");
    }
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void decrypt_missingParts_areNamed(Wire wire) {
    assertThat(refusal(() -> wire.decrypt("{}")).safeDetail()).isEqualTo("ciphertext is required");
    assertThat(refusal(() -> wire.decrypt(json("{'ciphertext':'/w=='}"))).safeDetail())
        .isEqualTo("iv is required");
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void random_length_is1To1024AndByDefault32(Wire wire) {
    assertThat(wire.random("{}").length()).isEqualTo(32);
    assertThat(wire.random("").length()).isEqualTo(32);
    assertThat(wire.random(" \r\n\t").length()).isEqualTo(32);
    assertThat(wire.random("{\"length\":1}").length()).isEqualTo(1);
    assertThat(wire.random("{\"length\":1024}").length()).isEqualTo(1024);
    for (String length : new String[] {"0", "1025", "999999999"}) {
      assertThat(refusal(() -> wire.random("{\"length\":" + length + "}")).safeDetail())
          .isEqualTo("length must be 1 to 1024 bytes");
    }
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void random_lengthThatIsNoWholeNumber_isRefused(Wire wire) {
    for (String length :
        new String[] {
          "-1",
          "1.0",
          "1e2",
          "2147483648",
          "4294967328",
          "99999999999999999999",
          "true",
          "[]",
          "{}",
          "\"\"",
          "\"-1\"",
          "\" 1\"",
          "\"0x10\"",
          "\"١\""
        }) {
      assertThat(refusal(() -> wire.random("{\"length\":" + length + "}")).safeDetail())
          .isEqualTo("length must be a whole number of bytes");
    }
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void allOperations_hugeNumber_isRefusedOrSkippedAtOnce(Wire wire) {
    String digits = "9".repeat(200_000);

    assertThat(refusal(() -> wire.random("{\"length\":" + digits + "}")).code())
        .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
    assertThat(refusal(() -> wire.random("{\"length\":1e" + digits + "}")).code())
        .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void encrypt_fieldOfTheWrongType_isRefused(Wire wire) {
    for (String value : new String[] {"1", "true", "[\"AA==\"]", "{\"a\":\"AA==\"}"}) {
      assertThat(refusal(() -> wire.encrypt("{\"plaintext\":" + value + "}")).safeDetail())
          .isEqualTo("plaintext must be a string of base64");
      assertThat(
              refusal(() -> wire.encrypt("{\"plaintext\":\"AA==\",\"mode\":" + value + "}"))
                  .safeDetail())
          .isEqualTo("mode must be a string");
      assertThat(
              refusal(() -> wire.encrypt("{\"plaintext\":\"AA==\",\"keyVersionId\":" + value + "}"))
                  .safeDetail())
          .isEqualTo("keyVersionId must be a string");
    }
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void encrypt_sameFieldTwice_isRefused(Wire wire) {
    assertThat(refusal(() -> wire.encrypt(json("{'plaintext':'AA==','plaintext':'AA=='}"))).code())
        .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
    assertThat(refusal(() -> wire.encrypt(json("{'plaintext':'AA==','plaintext':null}"))).code())
        .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
    assertThat(
            refusal(() -> wire.encrypt("{\"plaintext\":\"AA==\",\"\\u0070laintext\":\"AQ==\"}"))
                .code())
        .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void encrypt_twoNamesOfOneField_areRefused(Wire wire) {
    assertThat(refusal(() -> wire.encrypt(json("{'plaintext':'AA==','data':'AA=='}"))).code())
        .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void encrypt_keyVersionThatIsNoUuid_isAnUnknownVersionAfterAllElseIsRight(Wire wire) {
    String body = json("{'keyVersionId':'1','plaintext':'AA=='}");

    assertThat(refusal(() -> wire.encrypt(body)).code())
        .isEqualTo(EkmErrorCode.KEY_VERSION_NOT_FOUND);
    assertThat(refusal(() -> wire.encrypt(body.replace("AA==", "!"))).code())
        .isEqualTo(EkmErrorCode.BAD_BASE64);
    assertThat(refusal(() -> wire.encrypt(body.replace("1", "x".repeat(500)))).code())
        .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void encrypt_keyVersionInUpperCase_isTheSameVersion(Wire wire) {
    String body =
        json("{'plaintext':'AA==','keyVersionId':'0A1B2C3D-0000-4000-8000-00000000000C'}");

    assertThat(wire.encrypt(body).version()).contains(VERSION);
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void allOperations_bodyThatIsNoObject_isRefused(Wire wire) {
    for (String body :
        new String[] {
          "[]",
          "null",
          "1",
          "\"a\"",
          "x",
          "{",
          "}",
          "{]",
          "{\"plaintext\"}",
          "{\"plaintext\":}",
          "{\"plaintext\":\"AA==\",}",
          "{'plaintext':'AA=='}",
          "{plaintext:\"AA==\"}",
          "{\"plaintext\":\"AA==\"",
          "{\"plaintext\":\"AA==",
          "/* */{\"plaintext\":\"AA==\"}"
        }) {
      assertThat(refusal(() -> wire.encrypt(body)).safeDetail())
          .as(body)
          .startsWith("body must be one JSON object");
      assertThat(refusal(() -> wire.random(body)).field()).as(body).contains("body");
    }
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void encrypt_emptyBody_needsThePlaintext(Wire wire) {
    assertThat(refusal(() -> wire.encrypt("")).safeDetail()).isEqualTo("plaintext is required");
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void allOperations_anythingAfterTheObject_isRefused(Wire wire) {
    for (String tail : new String[] {"{}", "x", "1", ",", "]", "}", "\u0000", "//"}) {
      assertThat(refusal(() -> wire.random("{\"length\":1}" + tail)).code())
          .as(tail)
          .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
    }
    assertThat(wire.random("{\"length\":1} \r\n").length()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void allOperations_nestedDeeperThan16_isRefused(Wire wire) {
    String bomb = "{\"a\":" + "[".repeat(100_000);
    String seventeen = "{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}";

    assertThat(refusal(() -> wire.random(bomb)).code()).isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
    assertThat(refusal(() -> wire.random(seventeen)).code())
        .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void allOperations_bodyOver256KiB_isTooLarge(Wire wire) {
    assertThat(wire.random(" ".repeat(262_144 - 2) + "{}").length()).isEqualTo(32);
    EkmException refusal = refusal(() -> wire.random(" ".repeat(262_144 - 1) + "{}"));
    assertThat(refusal.code()).isEqualTo(EkmErrorCode.TOO_LARGE);
    assertThat(refusal.safeDetail()).isEqualTo("body must be at most 262144 bytes");
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void allOperations_otherEncodingOrByteOrderMark_isRefused(Wire wire) {
    Route route = wire.route("generateRandomBytes");
    String body = "{\"length\":1}";

    for (byte[] bytes :
        new byte[][] {
          body.getBytes(StandardCharsets.UTF_16),
          body.getBytes(StandardCharsets.UTF_16LE),
          body.getBytes(StandardCharsets.UTF_16BE),
          (" " + body).getBytes(StandardCharsets.UTF_16LE),
          utf8("\ufeff" + body)
        }) {
      assertThat(refusal(() -> wire.codec.readRandomBytes(route, bytes)).code())
          .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
    }
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void allOperations_invalidUtf8_isRefused(Wire wire) {
    Route route = wire.route("encrypt");
    for (int illegal : new int[] {0x80, 0xc0, 0xf8, 0xff}) {
      byte[] inName = utf8("{\"?\":1,\"plaintext\":\"AA==\"}");
      inName[2] = (byte) illegal;
      byte[] inValue = utf8("{\"plaintext\":\"AA?=\"}");
      inValue[16] = (byte) illegal;
      byte[] inMode = utf8("{\"plaintext\":\"AA==\",\"mode\":\"?\"}");
      inMode[29] = (byte) illegal;

      for (byte[] body : new byte[][] {inName, inValue, inMode}) {
        assertThat(refusal(() -> wire.codec.readEncrypt(route, body)).code().httpStatus())
            .isEqualTo(400);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void allOperations_refusal_neverQuotesWhatTheCallerSent(Wire wire) {
    for (String body :
        new String[] {
          "{\"plaintext\":\"SECRET==\"}",
          "{\"plaintext\":\"AA==\",\"mode\":\"SECRET\"}",
          "{\"plaintext\":\"AA==\",\"keyVersionId\":\"SECRET\"}",
          "{\"plaintext\":SECRET}",
          "{\"SECRET\":1,\"SECRET\":2}",
          "{\"plaintext\":\"AA==\"}SECRET",
          "{\"plaintext\":\"SECRET"
        }) {
      EkmException refusal = refusal(() -> wire.encrypt(body));
      assertThat(refusal.toString()).as(body).doesNotContain("SECRET");
      assertThat(wire.message(refusal)).as(body).doesNotContain("SECRET");
      assertThat(refusal).hasNoCause();
    }
  }

  private static String plaintext(int length) {
    return "{\"plaintext\":\"" + base64(length) + "\"}";
  }

  private static String ciphertext(int length) {
    return json("{'ciphertext':'%s','iv':'%s','tag':'%s'}").formatted(base64(length), IV, TAG);
  }

  private static String base64(int length) {
    return Base64.getEncoder().encodeToString(new byte[length]);
  }
}
