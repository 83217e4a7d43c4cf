// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.policy;

/**
 * A policy that has been read. Immutable and thread-safe; decides within microseconds, without I/O.
 */
@FunctionalInterface
public interface Policy {

  /**
   * Decides on one access. Deny is the answer when nothing in the policy speaks for it. An
   * exception counts as deny.
   */
  Decision decide(AccessRequest request);
}
