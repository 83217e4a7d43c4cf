// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

/** What it means if a check fails. */
public enum Severity {
  /** OCI's calls would fail, or somebody would get at keys or data. */
  MUST,
  /** It works today, but not for every plausible caller, or a defence in depth is missing. */
  SHOULD,
  /** Good to know. */
  INFO
}
