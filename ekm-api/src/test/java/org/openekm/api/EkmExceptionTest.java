// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EkmExceptionTest {

  @Test
  void badBase64_offset_isKeptForTheAnswer() {
    EkmException e = EkmException.badBase64("aad", 8);
    assertThat(e.code()).isEqualTo(EkmErrorCode.BAD_BASE64);
    assertThat(e.inputOffset()).hasValue(8);
    assertThat(e.field()).hasValue("aad");
  }

  @Test
  void malformed_fieldAndRule_areInTheDetail() {
    EkmException e = EkmException.malformed("iv", "must have 12 bytes");
    assertThat(e.safeDetail()).isEqualTo("iv must have 12 bytes");
    assertThat(e.inputOffset()).isEmpty();
    assertThat(e).hasToString("EkmException[MALFORMED_REQUEST: iv must have 12 bytes]");
  }

  @ParameterizedTest
  @EnumSource(EkmErrorCode.class)
  void httpStatus_everyCode_fitsItsKind(EkmErrorCode code) {
    int status = code.httpStatus();
    Set<Integer> expected =
        switch (code.kind()) {
          case AUTHENTICATION -> Set.of(401);
          case AUTHORIZATION, STATE -> Set.of(403);
          case REQUEST -> Set.of(400, 404, 405, 413, 415);
          case CAPACITY -> Set.of(429, 503);
          case AVAILABILITY -> Set.of(503);
          case FAULT -> Set.of(500);
        };
    assertThat(expected).contains(status);
    assertThat(code.retryable()).isEqualTo(status == 429 || status >= 500);
  }

  // The codes and statuses that OCI's contract or ours fixes; a code may not move by accident.
  @ParameterizedTest
  @CsvSource({
    "401, TOKEN_MISSING TOKEN_INVALID",
    "403, CLIENT_NOT_ALLOWED POLICY_DENIED VAULT_BLOCKED KEY_NOT_ACTIVE KEY_BLOCKED KEY_USAGE_EXHAUSTED",
    "404, ROUTE_NOT_FOUND VAULT_NOT_FOUND KEY_NOT_FOUND KEY_VERSION_NOT_FOUND",
    "405, METHOD_NOT_ALLOWED",
    "400, MALFORMED_REQUEST BAD_BASE64 DECRYPTION_FAILED",
    "413, TOO_LARGE",
    "415, UNSUPPORTED_MEDIA_TYPE",
    "429, RATE_LIMITED",
    "503, TOO_BUSY BACKEND_UNAVAILABLE DEADLINE_EXCEEDED AUDIT_UNAVAILABLE STORE_UNAVAILABLE",
    "500, INTERNAL"
  })
  void httpStatus_everyCode_isTheOneOfTheContract(int status, String codes) {
    assertThat(
            Arrays.stream(EkmErrorCode.values())
                .filter(code -> code.httpStatus() == status)
                .map(Enum::name))
        .containsExactlyInAnyOrder(codes.split(" "));
  }

  @Test
  void toString_withACause_doesNotQuoteTheCause() {
    EkmException e =
        new EkmException(EkmErrorCode.INTERNAL, "wrapped", new IllegalStateException("pin 1234"));

    assertThat(e.toString() + e.safeDetail()).doesNotContain("1234");
  }
}
