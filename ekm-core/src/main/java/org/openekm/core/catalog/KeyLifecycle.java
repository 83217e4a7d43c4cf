// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.util.Map;
import java.util.Optional;
import org.openekm.api.KeyState;

/**
 * The life of a key: which step leads from which state to which. What is not listed is forbidden.
 * Being blocked is no state: the flag can be set and cleared in every state, and only matters to
 * {@link Step#DESTROY}.
 *
 * <p>A version has a life of its own beside the key's, with two states that an operator can choose:
 * active and disabled. It goes with its key when that is destroyed.
 */
public final class KeyLifecycle {

  /** What an operator can do to a key. */
  public enum Step {
    /** Release a prepared key for use. */
    ACTIVATE,
    /** Take a key out of use. */
    DISABLE,
    /** Put a disabled key back into use. */
    ENABLE,
    /** Begin the waiting period at whose end the key is destroyed; it is out of use from now on. */
    SCHEDULE_DELETION,
    /**
     * End the waiting period; the key is disabled then, so that somebody has to enable it
     * knowingly.
     */
    CANCEL_DELETION,
    /**
     * Give the key up for good, now. The key must be blocked first, whatever its state: from every
     * state but the last it can be brought into use, by one command or two, and a block is what
     * holds through all of them. So one slip can't destroy a key, and nobody can put it into use
     * between the decision and the deed.
     */
    DESTROY,
    /** End the waiting period by destroying the key; it was out of use all that time. */
    EXPIRE
  }

  private static final Map<Step, Map<KeyState, KeyState>> TABLE =
      Map.of(
          Step.ACTIVATE, Map.of(KeyState.PRE_ACTIVE, KeyState.ACTIVE),
          Step.DISABLE, Map.of(KeyState.ACTIVE, KeyState.DISABLED),
          Step.ENABLE, Map.of(KeyState.DISABLED, KeyState.ACTIVE),
          Step.EXPIRE, Map.of(KeyState.PENDING_DELETION, KeyState.DESTROYED),
          Step.SCHEDULE_DELETION,
              Map.of(
                  KeyState.PRE_ACTIVE, KeyState.PENDING_DELETION,
                  KeyState.ACTIVE, KeyState.PENDING_DELETION,
                  KeyState.DISABLED, KeyState.PENDING_DELETION),
          Step.CANCEL_DELETION, Map.of(KeyState.PENDING_DELETION, KeyState.DISABLED),
          Step.DESTROY,
              Map.of(
                  KeyState.PRE_ACTIVE, KeyState.DESTROYED,
                  KeyState.ACTIVE, KeyState.DESTROYED,
                  KeyState.DISABLED, KeyState.DESTROYED,
                  KeyState.PENDING_DELETION, KeyState.DESTROYED));

  private KeyLifecycle() {}

  /** Returns the state that the step leads to; absent if it is forbidden from here. */
  public static Optional<KeyState> next(KeyState from, Step step, boolean blocked) {
    if (step == Step.DESTROY && !blocked) {
      return Optional.empty();
    }
    return Optional.ofNullable(TABLE.get(step)).map(row -> row.get(from));
  }
}
