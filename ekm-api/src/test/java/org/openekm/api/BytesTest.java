// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BytesTest {

  @Test
  void copyOf_arrayChangedAfterwards_keepsItsOwnContent() {
    byte[] source = {1, 2, 3};
    Bytes bytes = Bytes.copyOf(source);
    source[0] = 9;
    assertThat(bytes.toHex()).isEqualTo("010203");
  }

  @Test
  void toByteArray_resultChanged_keepsItsOwnContent() {
    Bytes bytes = Bytes.ofHex("0a0b");
    bytes.toByteArray()[0] = 0;
    assertThat(bytes).isEqualTo(Bytes.ofHex("0a0b"));
  }

  @Test
  void slice_middle_givesThoseBytes() {
    assertThat(Bytes.ofHex("00112233").slice(1, 2)).isEqualTo(Bytes.ofHex("1122"));
  }

  @Test
  void equals_otherContent_isFalse() {
    assertThat(Bytes.ofHex("00")).isNotEqualTo(Bytes.ofHex("01")).isNotEqualTo(Bytes.empty());
  }

  @Test
  void toString_anyContent_tellsTheLengthOnly() {
    assertThat(Bytes.ofHex("cafe")).hasToString("Bytes[2]");
  }
}
