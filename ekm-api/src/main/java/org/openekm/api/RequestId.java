// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

/**
 * The identifier of one request, as OCI sends it in the header {@code opc-request-id} or as we make
 * it.
 *
 * <p>Any text of 1 to 256 printable ASCII characters (0x21 to 0x7E); it is kept verbatim and never
 * interpreted.
 *
 * @param value the text
 */
public record RequestId(String value) {

  /** The largest number of characters. */
  public static final int MAX_LENGTH = 256;

  /**
   * Checks the text.
   *
   * @throws IllegalArgumentException if {@link #isValid} says no
   */
  public RequestId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "request id must have 1 to 256 printable ASCII characters without spaces");
    }
  }

  /** Returns true if the text can be a request id. */
  public static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return value;
  }
}
