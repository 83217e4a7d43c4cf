// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

  private static final String LOWER = "0f8fad5b-d9cb-469f-a165-70867728950e";

  @Test
  void parse_upperCase_isTheSameId() {
    assertThat(VaultId.parse("0F8FAD5B-D9CB-469F-A165-70867728950E"))
        .isEqualTo(VaultId.parse(LOWER));
    assertThat(KeyId.parse(LOWER)).hasToString(LOWER);
    assertThat(KeyVersionId.parse(LOWER)).hasToString(LOWER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1-1-1-1-1",
        "0f8fad5b-d9cb-469f-a165-70867728950",
        "0f8fad5bd9cb469fa16570867728950e",
        "0f8fad5b-d9cb-469f-a165-70867728950g",
        "+f8fad5b-d9cb-469f-a165-70867728950e",
        "../../etc/passwd-aaaaaaaaaaaaaaaaaaaa"
      })
  void parse_noUuid_isRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> KeyId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key id must be a UUID");
  }

  @Test
  void requestId_256PrintableCharacters_isKeptVerbatim() {
    String text = "~".repeat(256);
    assertThat(new RequestId(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\r\nSet-Cookie: x", "\u00e4", "a\u0000"})
  void requestId_otherCharacters_isInvalid(String text) {
    assertThat(RequestId.isValid(text)).isFalse();
    assertThatThrownBy(() -> new RequestId(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void requestId_257Characters_isInvalid() {
    assertThat(RequestId.isValid("a".repeat(257))).isFalse();
  }
}
