// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

/** Says what the endpoint did and what it should have done. */
public final class Finding extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes a finding.
   *
   * @param text one sentence for the vendor's engineer; must hold no secret
   */
  public Finding(String text) {
    super(text);
  }

  /** Returns the sentence. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
