// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.time.Duration;

/**
 * What a listener lets in.
 *
 * @param request how large one request may be
 * @param connections how many connections there may be, and how long they may dawdle
 * @param work how much work may run and wait
 */
public record HttpLimits(Request request, Connections connections, Work work) {

  /**
   * How large one request may be.
   *
   * @param bodyBytes the largest body, 1 byte to 16 MiB
   * @param headerBytes the largest request line with all headers, in bytes
   * @param headers the largest number of headers
   */
  public record Request(int bodyBytes, int headerBytes, int headers) {}

  /**
   * How many connections there may be, and how long they may dawdle.
   *
   * @param total the largest number of open connections
   * @param perAddress the largest number of open connections from one address
   * @param headerTimeout how long the headers of one request may take from their first byte on
   * @param idleTimeout how long a connection may stay without a request
   */
  public record Connections(
      int total, int perAddress, Duration headerTimeout, Duration idleTimeout) {}

  /**
   * How much work may run and wait.
   *
   * @param threads how many requests are worked on at once
   * @param queue how many more may wait
   * @param queueWait how long a request may have waited and still be worth starting
   * @param requestsPerSecond how many requests one address may send per second on average; 0 for no
   *     limit
   */
  public record Work(int threads, int queue, Duration queueWait, int requestsPerSecond) {}

  /** Returns the limits that suit OCI as the only caller. */
  public static HttpLimits defaults() {
    return new HttpLimits(
        new Request(256 * 1024, 16 * 1024, 64),
        new Connections(2048, 1024, Duration.ofSeconds(5), Duration.ofSeconds(75)),
        new Work(64, 256, Duration.ofMillis(250), 0));
  }
}
