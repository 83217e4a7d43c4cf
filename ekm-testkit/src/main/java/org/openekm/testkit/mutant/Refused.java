// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

/** Ends a request with an error. */
final class Refused extends Exception {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String text;

  Refused(int status, String text) {
    super(text);
    this.status = status;
    this.text = text;
  }

  int status() {
    return status;
  }

  String text() {
    return text;
  }
}
