// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ttlv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.testkit.fake.SeededCases;

/**
 * Whatever comes over the wire, decoding gives an item or a {@link TtlvException}; and an item says
 * the same when it is written and read once more. Seeds make it repeatable.
 */
final class TtlvFuzzTest {

  private static final TtlvLimits LIMITS = TtlvLimits.ofBytes(1_000);

  @Test
  void corpus_givesThreeMessagesAndRefusals() {
    List<byte[]> seeds = Seeds.all();

    long items = seeds.stream().filter(TtlvFuzzTest::decodes).count();

    // The messages, the empty structure, and nothing of the rest.
    assertThat(items).isEqualTo(4);
    assertThat(seeds).hasSizeGreaterThan(15);
  }

  @Test
  void messages_cutAnywhere_areRefused() {
    for (byte[] message : Seeds.all().subList(0, 3)) {
      for (int length = 0; length < message.length; length++) {
        assertThat(decodes(Arrays.copyOf(message, length))).as("%d bytes", length).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void damagedMessages_giveAnItemOrARefusal(long seed) {
    Random random = new Random(seed);
    List<byte[]> seeds = Seeds.all();
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] message = Seeds.damaged(seeds.get(random.nextInt(seeds.size())), random);
      refused += decodes(message) ? 0 : 1;
    }
    assertThat(refused).isBetween(1_000, 19_999);
  }

  @Test
  @Timeout(7200) // may be told to go on for long
  void damagedMessages_otherOnesEachTime_giveAnItemOrARefusal() {
    List<byte[]> seeds = Seeds.all();
    SeededCases.run(
        2_000,
        random -> {
          boolean unused = decodes(Seeds.damaged(seeds.get(random.nextInt(seeds.size())), random));
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void randomBytes_giveAnItemOrARefusal(long seed) {
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] message = new byte[8 * random.nextInt(8)];
      random.nextBytes(message);
      if (message.length > 8) {
        message[3] = (byte) (1 + random.nextInt(11));
        Arrays.fill(message, 4, 7, (byte) 0);
      }
      refused += decodes(message) ? 0 : 1;
    }
    assertThat(refused).isPositive();
  }

  @Test
  void limits_areKept() {
    byte[] message = Seeds.all().get(0);

    assertThatThrownBy(() -> TtlvDecoder.decode(message, TtlvLimits.ofBytes(message.length - 1)))
        .isInstanceOf(TtlvException.class)
        .hasMessageContaining("bytes");
    assertThatThrownBy(() -> TtlvDecoder.decode(message, new TtlvLimits(1_000, 3, 100)))
        .isInstanceOf(TtlvException.class)
        .hasMessageContaining("deeper");
    assertThatThrownBy(() -> TtlvDecoder.decode(message, new TtlvLimits(1_000, 16, 10)))
        .isInstanceOf(TtlvException.class)
        .hasMessageContaining("items");
  }

  private static boolean decodes(byte[] message) {
    Ttlv item;
    try {
      item = TtlvDecoder.decode(message, LIMITS);
    } catch (TtlvException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
    assertThat(TtlvDecoder.decode(TtlvEncoder.encode(item), LIMITS)).isEqualTo(item);
    return true;
  }
}
