// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

/** How sure it is that OCI demands what a check demands. */
public enum Evidence {
  /** Oracle's documentation, SDK, or test and example code that Oracle maintains. */
  OFFICIAL,
  /** Documentation or automation of a key manager's vendor, or code that talks to a real one. */
  VENDOR,
  /** A published standard: RFC 9110, 9112, 7515, 7519, 8725 or NIST SP 800-38D. */
  STANDARD,
  /** Our conclusion; OCI may do otherwise. */
  INFERRED
}
