// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.endpoint;

import java.util.Map;

/**
 * One HTTP response. Whoever sends it calls {@link #release()} once it is with the transport, and
 * {@link #wipe()} once it is out, for the body may hold plaintext.
 *
 * <p>A change that takes access away is acknowledged only when every earlier success has been
 * released. A response that nobody releases holds up each later block for seconds.
 *
 * <p>Not thread-safe.
 */
public final class EkmResponse {

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final Runnable onRelease;

  /**
   * Makes a response that holds nothing up.
   *
   * @param status the HTTP status
   * @param headers all headers to send, by their names
   * @param body the body, taken over without a copy
   */
  public EkmResponse(int status, Map<String, String> headers, byte[] body) {
    this(status, headers, body, () -> {});
  }

  /**
   * Makes a response.
   *
   * @param onRelease runs at each release; must bear to be run repeatedly
   */
  public EkmResponse(int status, Map<String, String> headers, byte[] body, Runnable onRelease) {
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body;
    this.onRelease = onRelease;
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /** Returns all headers to send, by their names. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns the body's own array. */
  public byte[] body() {
    return body;
  }

  /**
   * Says that the response has been given to the transport, or was dropped. May be called
   * repeatedly.
   */
  public void release() {
    onRelease.run();
  }

  /** Overwrites the body with zeros and releases the response. */
  public void wipe() {
    java.util.Arrays.fill(body, (byte) 0);
    release();
  }

  @Override
  public String toString() {
    return "EkmResponse[" + status + ", " + body.length + " bytes]";
  }
}
