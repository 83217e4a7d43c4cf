// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moments are read as the platform reads them. */
class TimestampsTest {

  private static final long YEARS_0_TO_9999 = 315_569_520_000L;
  private static final long YEAR_0 = -62_167_219_200L;

  @Test
  void whatInstantWrites_isReadBack() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      long seconds = YEAR_0 + Math.floorMod(random.nextLong(), YEARS_0_TO_9999);
      int[] unit = {1, 1_000, 1_000_000, 1_000_000_000};
      int nanos = random.nextInt(1_000_000_000);
      Instant moment = Instant.ofEpochSecond(seconds, nanos - nanos % unit[random.nextInt(4)]);

      assertThat(Timestamps.parse(moment.toString())).isEqualTo(moment);
    }
  }

  @Test
  void changedTexts_areReadOrRefusedAsThePlatformDoes() {
    Random random = new Random(8);
    String alphabet = "0123456789-:.TZ+ ";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder("2026-02-28T23:59:59.123456Z");
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(text.length());
        char other = alphabet.charAt(random.nextInt(alphabet.length()));
        if (random.nextBoolean()) {
          text.setCharAt(at, other);
        } else {
          text.deleteCharAt(at);
        }
      }
      assertThat(read(Timestamps::parse, text.toString()))
          .as("%s", text)
          .isEqualTo(read(Instant::parse, text.toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Z", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00"})
  void noMoment_isRefused(String text) {
    assertThatThrownBy(() -> Timestamps.parse(text)).isInstanceOf(DateTimeException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"+12026-01-01T00:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01t00:00:00z"})
  void otherForms_areReadToo(String text) {
    assertThat(Timestamps.parse(text)).isEqualTo(Instant.parse(text));
  }

  private interface Reader {
    Instant parse(String text);
  }

  private static String read(Reader reader, String text) {
    try {
      return reader.parse(text).toString();
    } catch (DateTimeException e) {
      return "refused";
    }
  }
}
