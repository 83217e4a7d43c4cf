// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads answers one after the other from a connection. Not thread-safe. */
final class AnswerReader {

  private static final int MAX_LINE = 64 * 1024;
  private static final int MAX_BODY = 16 * 1024 * 1024;

  private final InputStream in;

  AnswerReader(InputStream in) {
    this.in = in;
  }

  /** Reads one answer; interim answers with a status of 1xx are answers too. */
  RawAnswer read(long sentAt) throws IOException {
    try {
      String start = line();
      if (!start.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
        throw new IOException("the answer does not begin with an HTTP/1.1 status line");
      }
      int status = Integer.parseInt(start.substring(9, 12));
      List<String> headers = headers();
      byte[] body = body(status, headers);
      return new RawAnswer(status, headers, body, (System.nanoTime() - sentAt) / 1_000_000);
    } catch (SocketTimeoutException e) {
      throw (IOException)
          new ConnectionEnded("no answer in time; the connection still stands", true).initCause(e);
    }
  }

  private List<String> headers() throws IOException {
    List<String> headers = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      headers.add(line);
    }
    return headers;
  }

  private byte[] body(int status, List<String> headers) throws IOException {
    if (status < 200 || status == 204 || status == 304) {
      return new byte[0];
    }
    String length = "";
    for (String line : headers) {
      String name = line.toLowerCase(Locale.ROOT);
      if (name.startsWith("transfer-encoding:") && name.contains("chunked")) {
        return chunks();
      }
      if (name.startsWith("content-length:")) {
        length = line.substring("content-length:".length()).strip();
      }
    }
    if (length.isEmpty()) {
      return in.readNBytes(MAX_BODY);
    }
    return exactly(number(length, 10));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      int size = number(line().split(";", 2)[0].strip(), 16);
      if (size == 0) {
        headers();
        return all.toByteArray();
      }
      all.write(exactly(size));
      line();
    }
  }

  private byte[] exactly(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new ConnectionEnded("the connection ended within the body", false);
    }
    return bytes;
  }

  private static int number(String text, int radix) throws IOException {
    try {
      int number = Integer.parseInt(text, radix);
      if (number >= 0 && number <= MAX_BODY) {
        return number;
      }
      throw new IOException("the body's length is out of range");
    } catch (NumberFormatException e) {
      throw new IOException("the body's length is no number", e);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new ConnectionEnded("the connection ended without an answer", false);
      }
      if (line.size() > MAX_LINE) {
        throw new IOException("a header line is too long");
      }
      line.write(next);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
