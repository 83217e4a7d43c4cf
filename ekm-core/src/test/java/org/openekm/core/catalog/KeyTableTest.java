// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.spi.store.KeyVersionRecord;

/** A table is a map that its earlier states survive. */
final class KeyTableTest {

  private static final int STEPS = 5_000;
  private static final int IDS = 700;

  @Test
  void change_manySteps_isWhatAMapWouldBe_andEarlierTablesStayAsTheyWere() {
    Random random = new Random(11);
    Map<KeyId, KeyEntry> model = new HashMap<>();
    KeyTable table = KeyTable.empty();
    for (int step = 0; step < STEPS; step++) {
      KeyTable before = table;
      Map<KeyId, KeyEntry> modelBefore = step % 500 == 0 ? new HashMap<>(model) : model;
      KeyTable.Change change = table.change();
      int batch = 1 + random.nextInt(3);
      for (int i = 0; i < batch; i++) {
        KeyId id = Records.keyId(random.nextInt(IDS));
        if (random.nextInt(3) == 0) {
          change.remove(id);
          model.remove(id);
        } else {
          KeyEntry key = key(random.nextInt(IDS));
          change.put(id, key);
          model.put(id, key);
        }
      }
      table = change.done();
      if (step % 500 == 0) {
        assertSame(before, modelBefore);
        assertSame(table, model);
      }
    }
    assertSame(table, model);
  }

  private static void assertSame(KeyTable table, Map<KeyId, KeyEntry> model) {
    assertThat(table.size()).isEqualTo(model.size());
    assertThat(table.all()).containsExactlyInAnyOrderElementsOf(model.values());
    for (int i = 0; i < IDS; i++) {
      assertThat(table.get(Records.keyId(i))).isSameAs(model.get(Records.keyId(i)));
    }
  }

  @Test
  void named_findsTheKeyWhileItIsAlive() {
    KeyEntry first = key(1);
    String name = first.record().name();
    KeyTable table = with(KeyTable.empty(), 1, first);

    assertThat(table.named(name)).contains(first);
    assertThat(table.named("another")).isEmpty();
    assertThat(with(table, 1, inState(first, KeyState.DESTROYED)).named(name)).isEmpty();
    assertThat(with(table, 1, key(2)).named(name)).as("renamed").isEmpty();

    KeyTable.Change change = table.change();
    change.remove(Records.keyId(1));
    assertThat(change.done().named(name)).isEmpty();
    assertThat(table.named(name)).as("the earlier table").contains(first);
  }

  @Test
  void twoKeysOfOneName_oneIsFoundWhileEitherIsThere() {
    KeyEntry key = key(1);
    KeyTable table = with(with(KeyTable.empty(), 1, key), 2, key);
    KeyTable.Change change = table.change();
    change.remove(Records.keyId(1));

    assertThat(change.done().named(key.record().name())).isPresent();
  }

  @Test
  void usesMaterialOf_untilTheLastVersionOnItIsDestroyed() {
    KeyEntry key = key(1);
    KeyVersionRecord version = key.current();
    KeyTable table = with(with(KeyTable.empty(), 1, key), 2, key);

    assertThat(table.usesMaterialOf(version)).isTrue();
    assertThat(table.usesMaterialOf(Records.version(9, 9, 1))).isFalse();
    KeyTable one = with(table, 1, inState(key, KeyState.DESTROYED));
    assertThat(one.usesMaterialOf(version)).isTrue();
    assertThat(with(one, 2, inState(key, KeyState.DESTROYED)).usesMaterialOf(version)).isFalse();
  }

  private static KeyTable with(KeyTable table, int id, KeyEntry key) {
    KeyTable.Change change = table.change();
    change.put(Records.keyId(id), key);
    return change.done();
  }

  /** The key and all its versions in another state. */
  private static KeyEntry inState(KeyEntry key, KeyState state) {
    KeyVersionRecord version = key.current().withState(state);
    return new KeyEntry(
        key.record().withState(state, Optional.empty()),
        Optional.empty(),
        Map.of(version.id(), version));
  }

  private static KeyEntry key(int number) {
    KeyVersionRecord version = Records.version(number, number, 1);
    return new KeyEntry(
        Records.key(number, 1).withCurrentVersion(version.id()),
        Optional.empty(),
        Map.of(version.id(), version));
  }
}
