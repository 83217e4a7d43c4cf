// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.history;

/**
 * What can be done to a key and its vault, and what must come of it: the promise of the kill
 * switch, as plainly as can be. A state is three switches.
 */
enum Action {
  CALL(0, 0),
  BLOCK_KEY(Action.KEY_BLOCKED, 0),
  UNBLOCK_KEY(0, Action.KEY_BLOCKED),
  BLOCK_VAULT(Action.VAULT_BLOCKED, 0),
  UNBLOCK_VAULT(0, Action.VAULT_BLOCKED),
  DISABLE_KEY(Action.DISABLED, 0),
  ENABLE_KEY(0, Action.DISABLED);

  private static final int KEY_BLOCKED = 1;
  private static final int VAULT_BLOCKED = 2;
  private static final int DISABLED = 4;

  private final int sets;
  private final int clears;

  Action(int sets, int clears) {
    this.sets = sets;
    this.clears = clears;
  }

  boolean isCall() {
    return this == CALL;
  }

  boolean revokes() {
    return sets != 0;
  }

  /** Returns the state after it. */
  int after(int state) {
    return (state | sets) & ~clears;
  }

  /** Returns what the answer must be in a state. */
  String outcome(int state) {
    return switch (this) {
      case CALL -> callOutcome(state);
      case DISABLE_KEY, ENABLE_KEY -> after(state) == state ? "WRONG_STATE" : Step.OK;
      default -> Step.OK;
    };
  }

  private static String callOutcome(int state) {
    if ((state & VAULT_BLOCKED) != 0) {
      return "VAULT_BLOCKED";
    }
    if ((state & KEY_BLOCKED) != 0) {
      return "KEY_BLOCKED";
    }
    return (state & DISABLED) != 0 ? "KEY_NOT_ACTIVE" : Step.OK;
  }
}
