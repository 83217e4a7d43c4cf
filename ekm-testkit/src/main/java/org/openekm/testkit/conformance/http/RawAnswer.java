// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An answer as it came. */
public final class RawAnswer {

  private final int status;
  private final List<String> headers;
  private final byte[] body;
  private final long millis;

  /** Makes one of its parts; the arrays are not copied. */
  public RawAnswer(int status, List<String> headers, byte[] body, long millis) {
    this.status = status;
    this.headers = List.copyOf(headers);
    this.body = body;
    this.millis = millis;
  }

  /** Returns the status. */
  public int status() {
    return status;
  }

  /** Returns the header lines in order, as {@code Name: value}. */
  public List<String> headers() {
    return headers;
  }

  /** Returns the body without the transfer coding. */
  public byte[] body() {
    return body;
  }

  /** Returns the time from the last byte of the request to the last byte of the answer. */
  public long millis() {
    return millis;
  }

  /** Returns the value of the first header of this name. */
  public Optional<String> header(String name) {
    String start = name.toLowerCase(Locale.ROOT) + ":";
    return headers.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .findFirst();
  }

  /** Returns the body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Returns true if the answer announces that the connection ends with it. */
  public boolean closes() {
    return header("Connection").map(value -> value.equalsIgnoreCase("close")).orElse(false);
  }

  @Override
  public String toString() {
    return "RawAnswer[" + status + ", " + body.length + " bytes]";
  }
}
