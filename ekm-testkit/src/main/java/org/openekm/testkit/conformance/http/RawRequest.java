// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A request in the making; each method returns a changed copy. Immutable and thread-safe. */
public final class RawRequest {

  private final String method;
  private final String target;
  private final List<String> headers;
  private final byte[] body;

  /** Makes one of its parts; the arrays are not copied. */
  public RawRequest(String method, String target, List<String> headers, byte[] body) {
    this.method = method;
    this.target = target;
    this.headers = List.copyOf(headers);
    this.body = body;
  }

  /** Returns the method. */
  public String method() {
    return method;
  }

  /** Returns what stands after it, a path usually. */
  public String target() {
    return target;
  }

  /** Returns the header lines without line ends. */
  public List<String> headers() {
    return headers;
  }

  /** Returns the body; a length is announced if it is not empty or the method is POST. */
  public byte[] body() {
    return body;
  }

  /** Returns a request with a Host header. */
  public static RawRequest of(String method, String target, String authority) {
    return new RawRequest(method, target, List.of("Host: " + authority), new byte[0]);
  }

  /** Adds a header line. */
  public RawRequest header(String name, String value) {
    List<String> more = new ArrayList<>(headers);
    more.add(name + ": " + value);
    return new RawRequest(method, target, more, body);
  }

  /** Removes all header lines of this name. */
  public RawRequest without(String name) {
    String start = name.toLowerCase(Locale.ROOT) + ":";
    return new RawRequest(
        method,
        target,
        headers.stream().filter(h -> !h.toLowerCase(Locale.ROOT).startsWith(start)).toList(),
        body);
  }

  /** Replaces a header. */
  public RawRequest with(String name, String value) {
    return without(name).header(name, value);
  }

  /** Sets the body. */
  public RawRequest body(String text) {
    return new RawRequest(method, target, headers, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sets the target. */
  public RawRequest target(String other) {
    return new RawRequest(method, other, headers, body);
  }

  /** Sets the method. */
  public RawRequest method(String other) {
    return new RawRequest(other, target, headers, body);
  }

  /** Returns the bytes to send, with the body's length announced. */
  public byte[] bytes() {
    boolean announced = body.length > 0 || method.equals("POST");
    return (announced ? header("Content-Length", Integer.toString(body.length)) : this).asIs();
  }

  /** Returns the bytes to send, nothing added. */
  public byte[] asIs() {
    StringBuilder head = new StringBuilder(method).append(' ').append(target);
    head.append(" HTTP/1.1\r\n");
    headers.forEach(line -> head.append(line).append("\r\n"));
    head.append("\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    return all.toByteArray();
  }

  @Override
  public String toString() {
    return "RawRequest[" + method + " " + target + "]";
  }
}
