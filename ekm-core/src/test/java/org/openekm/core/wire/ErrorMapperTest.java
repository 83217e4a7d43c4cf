// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.wire.Wire.refusal;
import static org.openekm.core.wire.Wire.utf8;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.Operation;

final class ErrorMapperTest {

  private static final String AEAD_FAILURE = "Cryptographic operation failed in cipher operation";

  private final Wire lenient = Wire.lenient();
  private final Wire strict = Wire.strict();

  // The rows of the error table of OCI's vendor API reference that print a text.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET_VAULT_METADATA|VAULT_NOT_FOUND|404|Error in getting OCI vault",
        "GET_KEY_METADATA|KEY_NOT_FOUND|404|Invalid key details provided",
        "GET_KEY_VERSION_METADATA|KEY_VERSION_NOT_FOUND|404|Invalid Key details",
        "ENCRYPT|KEY_NOT_ACTIVE|403|OCI key is not in Active state to perform the operation.",
        "DECRYPT|KEY_NOT_ACTIVE|403|OCI key is not in Active state to perform the operation.",
        "ENCRYPT|KEY_NOT_FOUND|404|Invalid key details provided",
        "DECRYPT|KEY_NOT_FOUND|404|Invalid key details provided",
        "GENERATE_RANDOM_BYTES|KEY_NOT_ACTIVE|403|Key is in disabled state."
      })
  void body_documentedCase_hasTheDocumentedCodeAndText(
      Operation operation, EkmErrorCode code, String status, String text) {
    EkmException error = new EkmException(code, "detail");
    String expected = "{\"code\":\"" + status + "\",\"message\":\"" + text + "\"}";

    assertThat(lenient.errors.body(Optional.of(operation), error))
        .asString(UTF_8)
        .isEqualTo(expected);
    assertThat(strict.errors.body(Optional.of(operation), error))
        .asString(UTF_8)
        .isEqualTo(expected);
  }

  @Test
  void body_vaultBlockedAtItsMetadata_is403() {
    assertThat(
            lenient.errors.body(
                Optional.of(Operation.GET_VAULT_METADATA),
                new EkmException(EkmErrorCode.VAULT_BLOCKED, "detail")))
        .asString(UTF_8)
        .isEqualTo("{\"code\":\"403\",\"message\":\"OCI vault is blocked.\"}");
  }

  @Test
  void body_keyDisabledAtItsMetadata_is403() {
    assertThat(
            lenient.errors.body(
                Optional.of(Operation.GET_KEY_METADATA),
                new EkmException(EkmErrorCode.KEY_NOT_ACTIVE, "detail")))
        .asString(UTF_8)
        .isEqualTo("{\"code\":\"403\",\"message\":\"OCI key is not in Active state.\"}");
  }

  @Test
  void body_ciphertextThatIsNoBase64_namesTheByte() {
    for (Wire wire : new Wire[] {lenient, strict}) {
      EkmException error =
          refusal(
              () ->
                  wire.codec.readDecrypt(
                      wire.route("decrypt"), utf8("{\"ciphertext\":\"abcd*fgh\"}")));
      assertThat(wire.errors.body(Optional.of(Operation.DECRYPT), error))
          .asString(UTF_8)
          .isEqualTo(
              "{\"code\":\"400\",\"message\":\"Bad Request: illegal base64 data at input byte 4\"}");
    }
  }

  @Test
  void body_aadOfRandomBytesThatIsNoBase64_namesTheByte() {
    for (Wire wire : new Wire[] {lenient, strict}) {
      EkmException error =
          refusal(
              () ->
                  wire.codec.readRandomBytes(
                      wire.route("generateRandomBytes"), utf8("{\"aad\":\"abcdefgh*\"}")));
      assertThat(wire.errors.body(Optional.of(Operation.GENERATE_RANDOM_BYTES), error))
          .asString(UTF_8)
          .isEqualTo(
              "{\"code\":\"400\",\"message\":\"Bad Request: illegal base64 data at input byte 8\"}");
    }
  }

  @ParameterizedTest
  @CsvSource({"other key", "wrong iv", "wrong tag", "wrong aad"})
  void body_decryptionFailure_isOneTextWhateverTheReason(String reason) {
    EkmException error = new EkmException(EkmErrorCode.DECRYPTION_FAILED, reason);

    for (Wire wire : new Wire[] {lenient, strict}) {
      assertThat(wire.errors.body(Optional.of(Operation.DECRYPT), error))
          .asString(UTF_8)
          .isEqualTo("{\"code\":\"400\",\"message\":\"" + AEAD_FAILURE + "\"}");
    }
  }

  @Test
  void body_brokenRule_namesFieldAndRule() {
    EkmException error = refusal(() -> lenient.encrypt("{\"mode\":\"CBC\"}"));

    assertThat(lenient.message(error))
        .isEqualTo("{\"code\":\"400\",\"message\":\"Bad Request: mode must be AES_GCM\"}");
  }

  @ParameterizedTest
  @EnumSource
  void body_anyCodeWithAnyOperation_keepsTheDetailInside(EkmErrorCode code) {
    EkmException error =
        new EkmException(code, "slot 7 at 10.0.0.1", new IllegalStateException("x"));

    for (Wire wire : new Wire[] {lenient, strict}) {
      for (Operation operation : Operation.values()) {
        assertThat(wire.errors.body(Optional.of(operation), error))
            .asString(UTF_8)
            .startsWith("{\"code\":\"" + code.httpStatus() + "\",\"message\":\"")
            .doesNotContain("slot 7", "10.0.0.1", "{rule}", "{field}", "{offset}", code.name());
      }
      assertThat(wire.message(error)).doesNotContain("slot 7", code.name());
    }
  }
}
