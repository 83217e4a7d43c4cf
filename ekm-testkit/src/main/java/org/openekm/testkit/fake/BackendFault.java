// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;

/** One way in which a {@link FaultyKeyBackend} misbehaves. Immutable. */
public final class BackendFault {

  /** What happens before the real call. */
  @FunctionalInterface
  interface Before {
    void run(HangGate.Pass pass, Deadline deadline);
  }

  private static final Before NOTHING = (pass, deadline) -> {};

  private final String name;
  private final Set<Call> calls;
  private final Before before;
  private final UnaryOperator<BackendCiphertext> ciphertext;
  private final UnaryOperator<SecretBytes> secret;

  private BackendFault(
      String name,
      Set<Call> calls,
      Before before,
      UnaryOperator<BackendCiphertext> ciphertext,
      UnaryOperator<SecretBytes> secret) {
    this.name = name;
    this.calls = calls;
    this.before = before;
    this.ciphertext = ciphertext;
    this.secret = secret;
  }

  /** Throws an exception of the supplier's at each call, without calling the real backend. */
  public static BackendFault throwing(Supplier<? extends BackendException> exceptions) {
    return before(
        "throwing",
        (pass, deadline) -> {
          throw exceptions.get();
        });
  }

  /** Throws that the device can't be reached, retryable or not. */
  public static BackendFault unavailable(boolean retryable) {
    return throwing(
        () ->
            new BackendException.Unavailable(
                "scripted: the device can't be reached", retryable, null));
  }

  /**
   * Hangs until {@link FaultyKeyBackend#release()}, {@link FaultyKeyBackend#heal()} or close,
   * whatever the deadline says and without heeding interrupts, as a stuck native call does. Then
   * the real call follows.
   */
  public static BackendFault hang() {
    return before("hang", (pass, deadline) -> pass.await());
  }

  /**
   * Hangs for a time, whatever the deadline says, or until released; then the real call follows.
   */
  public static BackendFault hangFor(Duration time) {
    return before("hang for " + time, (pass, deadline) -> pass.await(time));
  }

  /**
   * Is slow but well-behaved: waits for the time, and answers {@link BackendException.TimedOut} at
   * the deadline if that comes first. The wait is real time.
   */
  public static BackendFault delay(Duration time) {
    return before(
        "delay " + time,
        (pass, deadline) -> {
          boolean tooLate = deadline.remaining().compareTo(time) <= 0;
          pass.await(tooLate ? deadline.remaining() : time);
          if (tooLate) {
            throw new BackendException.TimedOut("scripted: slower than the deadline allows", null);
          }
        });
  }

  /**
   * Takes a time by a manual clock, which it moves on; then the real call follows. Nobody waits.
   */
  public static BackendFault takes(Duration time, ManualClock clock) {
    return before("takes " + time, (pass, deadline) -> clock.advance(time));
  }

  /** Returns the ciphertext with one bit of the tag turned over. */
  public static BackendFault flippedTagBit() {
    return result(
        "flipped tag bit",
        made -> new BackendCiphertext(made.iv(), made.ciphertext(), flipFirstBit(made.tag())));
  }

  /** Returns an IV of twelve zero bytes, as a device does whose IV generator is not wired up. */
  public static BackendFault zeroIv() {
    return result(
        "zero IV",
        made ->
            new BackendCiphertext(
                Bytes.adopt(new byte[made.iv().length()]), made.ciphertext(), made.tag()));
  }

  /** Returns an IV of 16 bytes. */
  public static BackendFault longIv() {
    return result(
        "long IV",
        made ->
            new BackendCiphertext(
                Bytes.adopt(resized(made.iv(), 16)), made.ciphertext(), made.tag()));
  }

  /** Returns the first 12 bytes of the tag only. */
  public static BackendFault truncatedTag() {
    return result(
        "truncated tag",
        made -> new BackendCiphertext(made.iv(), made.ciphertext(), made.tag().slice(0, 12)));
  }

  /** Returns a ciphertext that is one byte longer than the plaintext. */
  public static BackendFault wrongCiphertextLength() {
    return result(
        "wrong ciphertext length",
        made ->
            new BackendCiphertext(
                made.iv(),
                Bytes.adopt(resized(made.ciphertext(), made.ciphertext().length() + 1)),
                made.tag()));
  }

  /** Returns one random byte too few. */
  public static BackendFault tooFewRandomBytes() {
    return new BackendFault(
        "too few random bytes",
        EnumSet.of(Call.RANDOM_BYTES),
        NOTHING,
        UnaryOperator.identity(),
        random -> shortened(random));
  }

  boolean fits(Call call) {
    return calls.contains(call);
  }

  void before(HangGate.Pass pass, Deadline deadline) {
    before.run(pass, deadline);
  }

  BackendCiphertext apply(BackendCiphertext result) {
    return ciphertext.apply(result);
  }

  SecretBytes apply(SecretBytes result) {
    return secret.apply(result);
  }

  @Override
  public String toString() {
    return name;
  }

  private static BackendFault before(String name, Before before) {
    return new BackendFault(
        name,
        EnumSet.allOf(Call.class),
        before,
        UnaryOperator.identity(),
        UnaryOperator.identity());
  }

  private static BackendFault result(String name, UnaryOperator<BackendCiphertext> change) {
    return new BackendFault(
        name, EnumSet.of(Call.ENCRYPT), NOTHING, change, UnaryOperator.identity());
  }

  private static Bytes flipFirstBit(Bytes bytes) {
    byte[] copy = bytes.toByteArray();
    copy[0] ^= (byte) 0x80;
    return Bytes.adopt(copy);
  }

  private static byte[] resized(Bytes bytes, int length) {
    return Arrays.copyOf(bytes.toByteArray(), length);
  }

  private static SecretBytes shortened(SecretBytes full) {
    try (full) {
      return SecretBytes.adopt(full.read(bytes -> Arrays.copyOf(bytes, bytes.length - 1)));
    }
  }
}
