// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.time.Duration;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.StoreException;

/** One way in which a {@link FaultyMetadataStore} misbehaves. Immutable. */
public final class StoreFault {

  @FunctionalInterface
  private interface Step {
    void run(HangGate.Pass pass);
  }

  private static final Step NOTHING = pass -> {};

  private final Step before;
  private final Step after;

  private StoreFault(Step before, Step after) {
    this.before = before;
    this.after = after;
  }

  /** Throws {@link StoreException} without calling the real store. */
  public static StoreFault unavailable() {
    return new StoreFault(
        pass -> {
          throw lost();
        },
        NOTHING);
  }

  /**
   * Does the work, then throws {@link StoreException}: the answer is lost on its way, and the
   * caller can't know.
   */
  public static StoreFault answerLost() {
    return new StoreFault(
        NOTHING,
        pass -> {
          throw lost();
        });
  }

  /** Does the work, then throws an {@link Error}, as when memory runs out on the way back. */
  public static StoreFault brokenAfter() {
    return new StoreFault(
        NOTHING,
        pass -> {
          throw new InternalError("scripted: broke down after the work");
        });
  }

  /** Throws that somebody else has committed, without calling the real store; for commits. */
  public static StoreFault conflict() {
    return new StoreFault(
        pass -> {
          throw new RevisionConflictException(-1, -2);
        },
        NOTHING);
  }

  /** Hangs until released, without heeding interrupts; then the real call follows. */
  public static StoreFault hang() {
    return new StoreFault(HangGate.Pass::await, NOTHING);
  }

  /** Waits for a time or until released; then the real call follows. */
  public static StoreFault delay(Duration time) {
    return new StoreFault(pass -> pass.await(time), NOTHING);
  }

  /** Does the work, then hangs until released before it answers. */
  public static StoreFault hangAfter() {
    return new StoreFault(NOTHING, HangGate.Pass::await);
  }

  void before(HangGate.Pass pass) {
    before.run(pass);
  }

  void after(HangGate.Pass pass) {
    after.run(pass);
  }

  private static StoreException lost() {
    return new StoreException("scripted: the store can't be reached", null);
  }
}
