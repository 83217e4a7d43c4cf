// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

/** Where a caller gets its bearer token. Implementations are thread-safe. */
@FunctionalInterface
public interface TokenSource {

  /**
   * Returns a token that is still good for a while. May block to fetch one.
   *
   * @throws TokenUnavailableException if there is none to be had
   */
  String token();

  /** Returns a source that always gives the same text, a token or not. */
  static TokenSource fixed(String text) {
    return () -> text;
  }
}
