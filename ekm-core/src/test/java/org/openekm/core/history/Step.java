// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.history;

/**
 * Something that was asked of a node and answered.
 *
 * @param outcome what the answer was, as in {@link Action#outcome}; {@link #UNKNOWN} if it tells
 *     nothing
 * @param began when it was asked, by a clock that all askers share
 * @param ended when the answer was there
 */
record Step(Action action, int node, String outcome, long began, long ended) {

  static final String OK = "OK";
  static final String UNKNOWN = "UNKNOWN";

  /** Says whether it has done something that every node must follow before the answer. */
  boolean revokes() {
    return action.revokes() && outcome.equals(OK);
  }

  @Override
  public String toString() {
    return action + " on node " + node + " gave " + outcome + " [" + began + ", " + ended + "]";
  }
}
