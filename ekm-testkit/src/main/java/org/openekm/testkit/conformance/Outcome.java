// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

/** How a check ended. */
public enum Outcome {
  /** The endpoint does what the check demands. */
  PASSED,
  /** It does not. */
  FAILED,
  /** Not run: the target lacks something that the check needs. */
  SKIPPED,
  /** Not judged: the endpoint could not be talked to, or a hook failed. Counts as not passed. */
  BROKEN
}
