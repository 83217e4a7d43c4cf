// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;

class BearerHeaderTest {

  @ParameterizedTest
  @ValueSource(strings = {"Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "Bearer   a.b.c"})
  void token_oneTokenBehindTheScheme_isReturned(String header) {
    assertThat(BearerHeader.token(header)).isEqualTo("a.b.c");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer   ",
        "Basic YTpi",
        "a.b.c",
        "Bearera.b.c",
        " Bearer a.b.c",
        "Token a.b.c",
        "Bearer\ta.b.c",
        "DPoP a.b.c"
      })
  void token_noBearerToken_isMissing(String header) {
    assertThat(code(header)).isEqualTo(EkmErrorCode.TOKEN_MISSING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer a.b.c d.e.f",
        "Bearer a.b.c ",
        "Bearer a.b.c, Bearer d.e.f",
        "Bearer a.b.c,d.e.f",
        "Bearer a.b.c\r\nX: y",
        "Bearer \ta.b.c",
        "Bearer a.b.c\0",
        "Bearer a.b.\u00e4",
        "Bearer Bearer a.b.c"
      })
  void token_moreThanOneWord_isInvalid(String header) {
    assertThat(code(header)).isEqualTo(EkmErrorCode.TOKEN_INVALID);
  }

  private static EkmErrorCode code(String header) {
    EkmException refused =
        catchThrowableOfType(EkmException.class, () -> BearerHeader.token(header));
    assertThat(refused).as("a token was found").isNotNull();
    assertThat(refused.safeDetail()).doesNotContain("a.b.c");
    return refused.code();
  }
}
