// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.endpoint;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * One HTTP request, as the endpoint needs it.
 *
 * @param method the HTTP method in upper case
 * @param path the path below the mount, beginning with {@code /vaults}; raw, not percent-decoded
 * @param query the raw query without the question mark, empty for none
 * @param headers the headers that matter
 * @param body the body, already bounded by the server; the endpoint wipes it
 * @param source the address of the calling socket; absent inside one process
 */
public record EkmRequest(
    String method,
    String path,
    String query,
    Headers headers,
    Body body,
    Optional<InetAddress> source) {

  /**
   * The headers that matter, as sent.
   *
   * @param authorization {@code Authorization}
   * @param contentType {@code Content-Type}
   * @param requestId {@code opc-request-id}
   */
  public record Headers(
      Optional<String> authorization, Optional<String> contentType, Optional<String> requestId) {

    /** Tells which headers there are, and nothing of the token. */
    @Override
    public String toString() {
      return "Headers[authorization "
          + (authorization.isPresent() ? "redacted" : "absent")
          + ", contentType "
          + contentType.isPresent()
          + ", requestId "
          + requestId.isPresent()
          + "]";
    }
  }

  /**
   * The bytes of a request's body. They may hold plaintext: they never show in a log and are wiped
   * after use.
   */
  public static final class Body {

    private final byte[] value;

    /** Takes the array over without a copy. */
    public Body(byte[] value) {
      this.value = value;
    }

    /** Returns the body's own array. */
    public byte[] array() {
      return value;
    }

    /** Returns the number of bytes. */
    public int length() {
      return value.length;
    }

    /** Overwrites the bytes with zeros. */
    public void wipe() {
      Arrays.fill(value, (byte) 0);
    }

    @Override
    public String toString() {
      return "Body[" + value.length + "]";
    }
  }
}
