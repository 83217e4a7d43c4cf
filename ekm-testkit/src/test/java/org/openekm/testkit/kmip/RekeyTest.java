// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A key that replaces another, as the server of the kit makes it. */
final class RekeyTest {

  private static final Item NAME =
      Item.of(Tags.NAME, Item.text(0x420055, "one"), Item.choice(0x420054, 1));
  private static final Item GCM =
      Item.of(
          Tags.PARAMETERS,
          Item.choice(Tags.BLOCK_CIPHER_MODE, 9),
          Item.truth(Tags.RANDOM_IV, true));

  private final KmipServerOptions options = KmipServerOptions.right();
  private final Handlers handlers = new Handlers(options, new KeyShelf(options));
  private final Caller caller = new Caller("client", 2, 0);

  @BeforeEach
  void makeKey() {
    List<Item> made =
        handle(
            0x01,
            Item.choice(Tags.OBJECT_TYPE, 2),
            Item.of(
                Tags.ATTRIBUTES,
                Item.choice(Tags.ALGORITHM, 3),
                Item.number(Tags.LENGTH, 256),
                Item.number(Tags.USAGE_MASK, 12),
                NAME));
    assertThat(id(made)).isEqualTo("1");
    handle(0x12, uid("1"));
  }

  @Test
  void rekey_theOldKeyStillDecrypts_theNewOneHasItsNameAndOtherMaterial() {
    List<Item> sealed = handle(0x1F, uid("1"), GCM, Item.bytes(Tags.DATA, new byte[32]));

    assertThat(id(handle(0x04, uid("1")))).isEqualTo("2");

    Item[] opened = {
      uid("1"), GCM, field(sealed, Tags.DATA), field(sealed, Tags.IV), field(sealed, Tags.TAG)
    };
    assertThat(field(handle(0x20, opened), Tags.DATA).asBytes()).isEqualTo(new byte[32]);
    opened[0] = uid("2");
    assertThatThrownBy(() -> handle(0x20, opened)).isInstanceOf(Refusal.class);
    assertThat(id(handle(0x08, Item.of(Tags.ATTRIBUTES, NAME)))).isEqualTo("2");
  }

  @Test
  void rekey_ofAKeyOutOfUse_givesOneThatIsNotActiveYet() {
    handle(0x13, uid("1"), Item.of(0x420081, Item.choice(0x420082, 1)));
    handle(0x04, uid("1"));
    assertThatThrownBy(() -> handle(0x1F, uid("2"), GCM, Item.bytes(Tags.DATA, new byte[1])))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void rekey_eachKeyKnowsTheOther() {
    handle(0x04, uid("1"));
    assertThat(link("1").get(Tags.LINK_TYPE).asNumber()).isEqualTo(0x106);
    assertThat(link("1").get(Tags.LINKED_OBJECT).asText()).isEqualTo("2");
    assertThat(link("2").get(Tags.LINK_TYPE).asNumber()).isEqualTo(0x107);
    assertThat(link("2").get(Tags.LINKED_OBJECT).asText()).isEqualTo("1");
  }

  @Test
  void rekey_twiceOrOfACompromisedOrUnknownKey_isRefused() {
    handle(0x04, uid("1"));
    assertThatThrownBy(() -> handle(0x04, uid("1"))).isInstanceOf(Refusal.class);
    handle(0x13, uid("2"), Item.of(0x420081, Item.choice(0x420082, 2)));
    assertThatThrownBy(() -> handle(0x04, uid("2"))).isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> handle(0x04, uid("9"))).isInstanceOf(Refusal.class);
  }

  private Item link(String id) {
    List<Item> told = handle(0x0B, uid(id), Item.choice(Tags.ATTRIBUTE_REFERENCE, Tags.LINK));
    return field(told, Tags.ATTRIBUTES).get(Tags.LINK);
  }

  private List<Item> handle(int operation, Item... fields) {
    return handlers.handle(operation, Item.of(Tags.REQUEST_PAYLOAD, fields), caller);
  }

  private static Item uid(String id) {
    return Item.text(Tags.UNIQUE_IDENTIFIER, id);
  }

  private static String id(List<Item> fields) {
    return field(fields, Tags.UNIQUE_IDENTIFIER).asText();
  }

  private static Item field(List<Item> fields, int tag) {
    return fields.stream().filter(item -> item.tag() == tag).findFirst().orElseThrow();
  }
}
