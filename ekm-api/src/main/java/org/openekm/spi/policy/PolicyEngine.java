// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.policy;

/** Turns the text of a policy into something that decides. Thread-safe. */
public interface PolicyEngine {

  /**
   * Reads a policy. Called once per change of the policy, never per request.
   *
   * @param source the policy's text, in the engine's own language
   * @throws PolicySyntaxException if the text is not a policy
   */
  Policy compile(String source);
}
