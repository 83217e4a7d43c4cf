// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.hsm.kmip.internal.client.Messages.Sent;
import org.openekm.hsm.kmip.internal.ttlv.Seeds;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.TtlvException;
import org.openekm.testkit.fake.SeededCases;

/** Whatever comes as an answer, it is one to what was asked or a {@link TtlvException}. */
final class MessagesFuzzTest {

  private static final int LIMIT = 1_000;
  private static final Sent ENCRYPT =
      new Sent(List.of(RequestItem.of(KmipOperation.ENCRYPT)), 1, true);
  private static final Sent DECRYPT =
      new Sent(List.of(RequestItem.of(KmipOperation.DECRYPT)), 1, true);

  @Test
  void corpus_hasAnAnswerToEncryptAndARefusalOfDecrypt() {
    Result done = Messages.decode(Seeds.all().get(1), ENCRYPT, LIMIT).get(0);
    Result refused = Messages.decode(Seeds.all().get(2), DECRYPT, LIMIT).get(0);

    assertThat(done.payload().get(Tag.AUTHENTICATED_ENCRYPTION_TAG).asBytes()).hasSize(16);
    assertThat(refused.refused().orElseThrow().is(ResultReason.CRYPTOGRAPHIC_FAILURE)).isTrue();
  }

  @Test
  void corpus_isNoAnswerToAnythingElse() {
    Sent later = new Sent(List.of(RequestItem.of(KmipOperation.ENCRYPT)), 2, true);
    Sent two =
        new Sent(
            List.of(RequestItem.of(KmipOperation.ENCRYPT), RequestItem.of(KmipOperation.ENCRYPT)),
            1,
            true);
    for (Sent other : List.of(DECRYPT, later, two)) {
      assertThat(accepts(Seeds.all().get(1), other)).as(other.toString()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33})
  void damagedAnswers_areRefusedOrToWhatWasAsked(long seed) {
    Random random = new Random(seed);
    List<byte[]> seeds = Seeds.all();
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] message = Seeds.damaged(seeds.get(random.nextInt(seeds.size())), random);
      refused += accepts(message, ENCRYPT) ? 0 : 1;
    }
    assertThat(refused).isBetween(1_000, 19_999);
  }

  @Test
  @Timeout(7200) // may be told to go on for long
  void damagedAnswers_otherOnesEachTime_areRefusedOrToWhatWasAsked() {
    List<byte[]> seeds = Seeds.all();
    SeededCases.run(
        2_000,
        random -> {
          boolean unused =
              accepts(Seeds.damaged(seeds.get(random.nextInt(seeds.size())), random), ENCRYPT);
        });
  }

  private static boolean accepts(byte[] message, Sent sent) {
    try {
      List<Result> results = Messages.decode(message, sent, LIMIT);
      assertThat(results).hasSameSizeAs(sent.items());
      return true;
    } catch (TtlvException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
  }
}
