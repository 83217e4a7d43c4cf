// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
