// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.spi.backend.BackendException;

class BackendErrorsTest {

  @Test
  void toEkm_everyKind_hasItsCodeAndKeepsMessageAndCause() {
    Map<BackendException, EkmErrorCode> expected =
        Map.of(
            new BackendException.KeyMissing("m", null), EkmErrorCode.BACKEND_UNAVAILABLE,
            new BackendException.KeyUnusable("m", null), EkmErrorCode.KEY_NOT_ACTIVE,
            new BackendException.AuthenticationTagMismatch("m", null),
                EkmErrorCode.DECRYPTION_FAILED,
            new BackendException.Unavailable("m", true, null), EkmErrorCode.BACKEND_UNAVAILABLE,
            new BackendException.TimedOut("m", null), EkmErrorCode.DEADLINE_EXCEEDED,
            new BackendException.Misconfigured("m", null), EkmErrorCode.BACKEND_UNAVAILABLE);

    expected.forEach(
        (failure, code) -> {
          EkmException mapped = BackendErrors.toEkm(failure);
          assertThat(mapped.code()).as(failure.getClass().getSimpleName()).isEqualTo(code);
          assertThat(mapped.safeDetail()).isEqualTo(BackendErrors.kind(failure) + ": m");
          assertThat(mapped).hasCause(failure);
        });
  }

  @Test
  void toEkm_deviceTrouble_isNeverReportedAsKeyNotFound() {
    assertThat(
            BackendErrors.toEkm(new BackendException.KeyMissing("gone", null)).code().httpStatus())
        .isEqualTo(503);
    assertThat(
            BackendErrors.toEkm(new BackendException.Unavailable("general error", false, null))
                .code()
                .httpStatus())
        .isEqualTo(503);
  }

  @Test
  void get_unknownBackend_saysWhichAreConfigured() {
    try (BackendRegistry registry = new BackendRegistry(Map.of())) {
      assertThatThrownBy(() -> registry.get("hsm"))
          .isInstanceOfSatisfying(
              EkmException.class,
              e -> assertThat(e.code()).isEqualTo(EkmErrorCode.BACKEND_UNAVAILABLE))
          .hasMessageContaining("backend hsm is not configured");
    }
  }
}
