// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.wire.Wire.refusal;
import static org.openekm.core.wire.Wire.utf8;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;

final class Base64DecoderTest {

  private final Base64Decoder strict = new Base64Decoder(false, false);
  private final Base64Decoder lenient = new Base64Decoder(true, true);

  @Test
  void decode_everyLengthUpTo100_givesTheOriginal() {
    Random random = new Random(1);
    for (int length = 0; length <= 100; length++) {
      byte[] original = new byte[length];
      random.nextBytes(original);
      String padded = Base64.getEncoder().encodeToString(original);
      String urlSafe = Base64.getUrlEncoder().withoutPadding().encodeToString(original);

      assertThat(decode(strict, padded)).isEqualTo(original);
      assertThat(decode(lenient, padded)).isEqualTo(original);
      assertThat(decode(lenient, urlSafe)).isEqualTo(original);
    }
  }

  @Test
  void decode_partOfAnArray_countsTheOffsetFromTheStartOfThePart() {
    byte[] text = utf8("\"AAAA!AAA\"");

    EkmException refusal = refusal(() -> strict.decode(text, 1, text.length - 1, "aad"));

    assertThat(refusal.inputOffset()).hasValue(4);
    assertThat(refusal.field()).contains("aad");
  }

  // The offsets are those that Go's encoding/base64 puts into its CorruptInputError.
  @ParameterizedTest
  @CsvSource({
    "!,0",
    "A,0",
    "AA,0",
    "AAA,0",
    "AAAA!,4",
    "AAAAA,4",
    "AAAAAA,4",
    "AAAAAAA,4",
    "AAA!AAAA,3",
    "AA!AAAAA,2",
    "AAAA!AAA,4",
    "AAAAAAAA!,8",
    "=,0",
    "A===,1",
    "AA=,3",
    "AA=A,2",
    "AA=AAAAA,2",
    "AA==AAAA,4",
    "AAA=AAAA,4",
    "AAAA=,4",
    "AAAA====,4",
    "AA===,4",
    "AAAAé,4",
    "AA AA,2",
    "aGVsbG8!,7",
    "-_-_,0"
  })
  void decode_illegalText_namesTheByteThatGoWouldName(String text, int offset) {
    EkmException refusal = refusal(() -> decode(strict, text));

    assertThat(refusal.code()).isEqualTo(EkmErrorCode.BAD_BASE64);
    assertThat(refusal.inputOffset()).hasValue(offset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AB==", "AAB=", "AAAAAB==", "AAAAAAB="})
  void decode_strayBitsAtTheEnd_areRefusedSoThatOneValueHasOneText(String text) {
    assertThat(refusal(() -> decode(strict, text)).code()).isEqualTo(EkmErrorCode.BAD_BASE64);
    assertThat(refusal(() -> decode(lenient, text)).code()).isEqualTo(EkmErrorCode.BAD_BASE64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AB", "AAB", "A", "AAAAA", "AA=", "AA=A", "====", "A A="})
  void decode_leniently_stillRefusesWhatStandsForNothing(String text) {
    assertThat(refusal(() -> decode(lenient, text)).code()).isEqualTo(EkmErrorCode.BAD_BASE64);
  }

  @Test
  void decode_tenThousandRandomTexts_agreesWithTheJdkOnWhatIsLegal() {
    Random random = new Random(2);
    String alphabet = "ABQgw+/=-_ é";
    Base64.Decoder jdk = Base64.getDecoder();
    for (int i = 0; i < 10_000; i++) {
      String text =
          random
              .ints(random.nextInt(13), 0, alphabet.length())
              .mapToObj(index -> String.valueOf(alphabet.charAt(index)))
              .reduce("", String::concat);
      byte[] expected;
      try {
        expected = jdk.decode(text);
      } catch (IllegalArgumentException e) {
        expected = null;
      }
      // the JDK takes missing padding and stray bits, which one canonical text rules out
      if (expected == null || !Base64.getEncoder().encodeToString(expected).equals(text)) {
        assertThat(refusal(() -> decode(strict, text)).inputOffset()).as(text).isPresent();
      } else {
        assertThat(decode(strict, text)).as(text).isEqualTo(expected);
      }
    }
  }

  private static byte[] decode(Base64Decoder decoder, String text) {
    byte[] bytes = utf8(text);
    return decoder.decode(bytes, 0, bytes.length, "plaintext");
  }
}
