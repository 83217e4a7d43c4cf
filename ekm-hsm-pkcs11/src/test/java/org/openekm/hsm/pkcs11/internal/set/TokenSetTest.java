// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.NewKey;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;
import org.openekm.testkit.fake.ManualClock;

/** Who is asked, who is asked next, and what is told of members that differ. */
class TokenSetTest {

  private static final byte[] TEXT = {1, 2, 3, 4, 5, 6, 7, 8};

  private final ManualClock clock = new ManualClock();
  private final FakeKeyBackend deviceOne = new FakeKeyBackend();
  private final FakeKeyBackend deviceTwo = new FakeKeyBackend();
  private final FaultyKeyBackend one = new FaultyKeyBackend(deviceOne);
  private final FaultyKeyBackend two = new FaultyKeyBackend(deviceTwo);
  private final List<TokenSetKeyBackend> opened = new ArrayList<>();
  private final BackendKeyRef key = new BackendKeyRef("0a0b0c");

  @AfterEach
  void close() {
    one.release();
    two.release();
    opened.forEach(TokenSetKeyBackend::close);
  }

  @Test
  void orderedSet_asksTheFirst_andTheSecondOnlyWhileTheFirstFails() {
    TokenSetKeyBackend set = sharing(false, false);
    Sealed sealed = encrypt(set);
    one.failNext(Call.DECRYPT, 1, BackendFault.unavailable(true));

    decrypt(set, sealed);
    decrypt(set, sealed);
    assertThat(two.calls(Call.DECRYPT)).as("the first stands back for a second").isEqualTo(2);

    clock.advance(Duration.ofSeconds(2));
    decrypt(set, sealed);
    assertThat(one.calls(Call.DECRYPT)).isEqualTo(2);
  }

  @Test
  void balancedSet_takesTurns() {
    TokenSetKeyBackend set = sharing(true, false);
    Sealed sealed = encrypt(set);
    long before = one.calls(Call.DECRYPT);

    for (int i = 0; i < 10; i++) {
      decrypt(set, sealed);
    }

    assertThat(one.calls(Call.DECRYPT) - before).isEqualTo(5);
  }

  @Test
  void firstTooLate_secondAnswersWithinTheSameDeadline() {
    TokenSetKeyBackend set = sharing(false, false);
    Sealed sealed = encrypt(set);
    one.fail(
        Call.DECRYPT, BackendFault.throwing(() -> new BackendException.TimedOut("late", null)));

    decrypt(set, sealed);

    assertThat(two.calls(Call.DECRYPT)).isEqualTo(1);
  }

  @Test
  void wrongTag_isNeverAskedTwice() {
    TokenSetKeyBackend set = sharing(false, false);
    Sealed sealed = encrypt(set);
    Sealed wrong = new Sealed(sealed.iv(), sealed.ciphertext(), Bytes.adopt(new byte[16]));

    assertThatThrownBy(() -> decrypt(set, wrong))
        .isInstanceOf(BackendException.AuthenticationTagMismatch.class);

    assertThat(two.calls(Call.DECRYPT)).isZero();
  }

  @Test
  void keyMissingOnOne_isServedByTheOther_andTold() {
    TokenSetKeyBackend set = set(false, false);
    deviceTwo.putKey(key, SecretBytes.copyOf(new byte[32]));

    Sealed sealed = encrypt(set);
    decrypt(set, sealed);

    assertThat(set.inspectKey(key, soon()).warnings()).contains("token one lacks it");
    assertThat(set.check(soon()).healthy()).isTrue();
    assertThat(set.check(soon()).message()).contains("lacks 1 keys");
  }

  @Test
  void keyMissingOnAll_isMissing_butNotWhileOneCantBeAsked() {
    TokenSetKeyBackend set = set(false, false);
    assertThatThrownBy(() -> encrypt(set)).isInstanceOf(BackendException.KeyMissing.class);

    two.failEverything(BackendFault.unavailable(false));
    assertThatThrownBy(() -> encrypt(set)).isInstanceOf(BackendException.Unavailable.class);
  }

  @Test
  void keyThatMayHaveBeenMade_isNotMadeAgainOnAnotherMember() {
    TokenSetKeyBackend set = set(true, false);
    NewKey wanted = new NewKey(new KeyVersionId(UUID.randomUUID()), "label", 32);
    one.failNext(
        Call.GENERATE_KEY,
        3,
        BackendFault.throwing(() -> new BackendException.TimedOut("late", null)));

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> set.generateKey(wanted, soon()))
          .isInstanceOf(BackendException.TimedOut.class);
    }

    assertThat(deviceTwo.keyCount()).isZero();
    set.generateKey(wanted, soon());
    assertThat(deviceOne.keyCount()).isEqualTo(1);
  }

  @Test
  void importedKey_goesToEveryMember() {
    TokenSetKeyBackend set = set(false, false);
    NewKey wanted = new NewKey(new KeyVersionId(UUID.randomUUID()), "label", 32);
    try (SecretBytes material = SecretBytes.copyOf(new byte[32])) {
      set.importKey(wanted, material, soon());
    }

    assertThat(deviceOne.keyCount()).isEqualTo(1);
    assertThat(deviceTwo.keyCount()).isEqualTo(1);
  }

  @Test
  void destroyedKey_isGoneEverywhere_orTheCallFails() {
    TokenSetKeyBackend set = sharing(false, false);
    two.failNext(Call.DESTROY_KEY, 1, BackendFault.unavailable(true));

    assertThatThrownBy(() -> set.destroyKey(key, soon()))
        .isInstanceOf(BackendException.Unavailable.class)
        .hasMessageContaining("[two]");
    assertThat(deviceOne.keyCount()).isZero();

    set.destroyKey(key, soon());
    assertThat(deviceTwo.keyCount()).isZero();
  }

  @Test
  void hedge_asksTheSecondWhenTheFirstIsSlow_andWipesTheLoser() {
    TokenSetKeyBackend set = sharing(false, true);
    Sealed sealed = encrypt(set);
    one.fail(Call.DECRYPT, BackendFault.delay(Duration.ofMillis(400)));

    long began = System.nanoTime();
    decrypt(set, sealed, Deadline.after(Duration.ofSeconds(2), NanoClock.system()));

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(380));
    assertThat(two.calls(Call.DECRYPT)).isEqualTo(1);
    Awaitility.await().until(() -> one.hanging() == 0);
  }

  @Test
  void hedge_ofAFastMember_asksNobodyElse() {
    TokenSetKeyBackend set = sharing(false, true);
    Sealed sealed = encrypt(set);

    for (int i = 0; i < 20; i++) {
      decrypt(set, sealed);
    }

    assertThat(two.calls(Call.DECRYPT)).isZero();
  }

  @Test
  void hedge_wrongTag_isNeverAskedTwice() {
    TokenSetKeyBackend set = sharing(false, true);
    Sealed sealed = encrypt(set);
    Sealed wrong = new Sealed(sealed.iv(), sealed.ciphertext(), Bytes.adopt(new byte[16]));

    assertThatThrownBy(() -> decrypt(set, wrong))
        .isInstanceOf(BackendException.AuthenticationTagMismatch.class);

    assertThat(two.calls(Call.DECRYPT)).isZero();
  }

  private TokenSetKeyBackend sharing(boolean balanced, boolean hedge) {
    deviceOne.putKey(key, SecretBytes.copyOf(new byte[32]));
    deviceTwo.putKey(key, SecretBytes.copyOf(new byte[32]));
    return set(balanced, hedge);
  }

  private TokenSetKeyBackend set(boolean balanced, boolean hedge) {
    TokenSetKeyBackend set =
        new TokenSetKeyBackend(
            List.of(new Member("one", one, clock), new Member("two", two, clock)),
            balanced,
            hedge,
            Backends.context(() -> "", Map.of()));
    opened.add(set);
    return set;
  }

  private Sealed encrypt(TokenSetKeyBackend set) {
    try (SecretBytes plaintext = SecretBytes.copyOf(TEXT)) {
      BackendCiphertext made = set.encrypt(key, plaintext, Bytes.empty(), soon());
      return new Sealed(made.iv(), made.ciphertext(), made.tag());
    }
  }

  private void decrypt(TokenSetKeyBackend set, Sealed sealed) {
    decrypt(set, sealed, soon());
  }

  private void decrypt(TokenSetKeyBackend set, Sealed sealed, Deadline deadline) {
    try (SecretBytes plaintext = set.decrypt(key, sealed, Bytes.empty(), deadline)) {
      assertThat(plaintext.toByteArray()).isEqualTo(TEXT);
    }
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10), NanoClock.system());
  }
}
