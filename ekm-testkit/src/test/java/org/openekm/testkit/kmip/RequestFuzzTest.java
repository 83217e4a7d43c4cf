// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.testkit.fake.SeededCases;

/** Whatever comes as a request, the server answers with a message, and with nothing else. */
final class RequestFuzzTest {

  private static final int SUCCESS = 0;
  private static final int CHANGES = 3;

  private final KmipServerOptions options = KmipServerOptions.right();
  private final Answerer answerer =
      new Answerer(options, new Handlers(options, new KeyShelf(options)));

  @Test
  void corpus_isAnsweredWithSuccess() {
    for (byte[] request : corpus()) {
      Item answer = Item.decoded(answerer.answer(request, "client", Optional.empty()));
      Item result = answer.get(Tags.BATCH_ITEM);
      assertThat(result.get(Tags.RESULT_STATUS).asNumber())
          .as("operation %s", result.find(Tags.OPERATION).map(Item::asNumber))
          .isEqualTo(SUCCESS);
    }
  }

  @Test
  void corpus_cutAnywhere_isRefused() {
    byte[] request = corpus().get(0);
    for (int length = 0; length < request.length; length++) {
      byte[] cut = Arrays.copyOf(request, length);
      assertThatThrownBy(() -> Item.decoded(cut)).isInstanceOf(Refusal.class);
    }
  }

  @Test
  @Timeout(7200) // may be told to go on for long
  void damagedRequests_areAnswered() {
    List<byte[]> corpus = corpus();
    SeededCases.run(
        20_000,
        random -> {
          byte[] request = damaged(corpus.get(random.nextInt(corpus.size())), random);
          Item answer = Item.decoded(answerer.answer(request, "client", Optional.empty()));
          assertThat(answer.tag()).isEqualTo(Tags.RESPONSE);
          assertThat(Answerer.operations(request)).isNotNull();
        });
  }

  @Test
  void lengthThatOverflows_isRefusedWithoutTheMemoryForIt() {
    for (int length : new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE - 7, -1, 9}) {
      byte[] message = ByteBuffer.allocate(16).putInt(0x42007808).putInt(length).array();
      assertThatThrownBy(() -> Item.decoded(message)).isInstanceOf(Refusal.class);
    }
  }

  @Test
  void itemThatReachesBeyondItsStructure_isRefused() {
    byte[] message = Item.of(Tags.REQUEST, Item.bytes(Tags.DATA, new byte[8])).encoded();
    ByteBuffer.wrap(message).putInt(4, 8);
    assertThatThrownBy(() -> Item.decoded(message)).isInstanceOf(Refusal.class);
  }

  @Test
  void fieldOfAnotherType_keyOfNoLength_areRefused() {
    Item text = Item.text(Tags.DATA_LENGTH, "much");
    assertThat(refused(request(0x25, text))).isTrue();
    assertThat(refused(create(-64))).isTrue();
    assertThat(refused(register(new byte[0]))).isTrue();
  }

  private boolean refused(byte[] request) {
    return Item.decoded(answerer.answer(request, "client", Optional.empty()))
            .get(Tags.BATCH_ITEM)
            .get(Tags.RESULT_STATUS)
            .asNumber()
        != SUCCESS;
  }

  /** Requests of all operations, in an order in which a new server can carry them out. */
  private static List<byte[]> corpus() {
    Item id = Item.text(Tags.UNIQUE_IDENTIFIER, "1");
    Item gcm = Item.of(Tags.PARAMETERS, Item.choice(Tags.BLOCK_CIPHER_MODE, 9));
    Item random =
        Item.of(
            Tags.PARAMETERS,
            Item.choice(Tags.BLOCK_CIPHER_MODE, 9),
            Item.truth(Tags.RANDOM_IV, true));
    List<byte[]> all = new ArrayList<>();
    all.add(create(256));
    all.add(register(new byte[32]));
    all.add(request(0x12, id));
    all.add(request(0x1F, id, random, Item.bytes(Tags.DATA, new byte[32])));
    all.add(
        request(
            0x1F,
            id,
            gcm,
            Item.bytes(Tags.DATA, new byte[32]),
            Item.bytes(Tags.IV, new byte[12]),
            Item.bytes(Tags.AAD, new byte[5])));
    all.add(request(0x04, Item.text(Tags.UNIQUE_IDENTIFIER, "2")));
    all.add(request(0x08, Item.of(Tags.ATTRIBUTES, name("one"))));
    all.add(request(0x0A, id));
    all.add(request(0x0B, id, Item.choice(Tags.ATTRIBUTE_REFERENCE, Tags.STATE)));
    all.add(
        request(0x18, Item.choice(Tags.QUERY_FUNCTION, 1), Item.choice(Tags.QUERY_FUNCTION, 3)));
    all.add(request(0x1E));
    all.add(request(0x25, Item.number(Tags.DATA_LENGTH, 16)));
    all.add(
        request(
            0x13,
            Item.text(Tags.UNIQUE_IDENTIFIER, "2"),
            Item.of(0x420081, Item.choice(0x420082, 2))));
    all.add(request(0x14, Item.text(Tags.UNIQUE_IDENTIFIER, "2")));
    return all;
  }

  private static byte[] create(int bits) {
    return request(
        0x01,
        Item.choice(Tags.OBJECT_TYPE, 2),
        Item.of(
            Tags.ATTRIBUTES,
            Item.choice(Tags.ALGORITHM, 3),
            Item.number(Tags.LENGTH, bits),
            Item.number(Tags.USAGE_MASK, 12),
            name("one")));
  }

  private static byte[] register(byte[] material) {
    return request(
        0x03,
        Item.choice(Tags.OBJECT_TYPE, 2),
        Item.of(Tags.ATTRIBUTES, Item.number(Tags.USAGE_MASK, 12), name("two")),
        Item.of(
            Tags.SYMMETRIC_KEY,
            Item.of(
                Tags.KEY_BLOCK,
                Item.of(Tags.KEY_VALUE, Item.bytes(Tags.KEY_MATERIAL, material)),
                Item.choice(Tags.ALGORITHM, 3),
                Item.number(Tags.LENGTH, material.length * 8))));
  }

  private static Item name(String text) {
    return Item.of(Tags.NAME, Item.text(0x420055, text), Item.choice(0x420054, 1));
  }

  private static byte[] request(int operation, Item... fields) {
    return Item.of(
            Tags.REQUEST,
            Item.of(
                Tags.REQUEST_HEADER,
                Item.of(Tags.VERSION, Item.number(Tags.MAJOR, 2), Item.number(Tags.MINOR, 0)),
                Item.number(Tags.BATCH_COUNT, 1)),
            Item.of(
                Tags.BATCH_ITEM,
                Item.choice(Tags.OPERATION, operation),
                Item.of(Tags.REQUEST_PAYLOAD, fields)))
        .encoded();
  }

  private static byte[] damaged(byte[] message, Random random) {
    byte[] bytes = message.clone();
    for (int changes = 1 + random.nextInt(CHANGES); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) (bytes[at] ^ (1 << random.nextInt(8)));
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 8);
        default -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : 0x7F);
      }
    }
    return bytes;
  }
}
