// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Reads requests strictly by RFC 9112, but for its flaw. Used by one thread. */
final class RequestReader {

  private static final int MAX_HEAD = 32 * 1024;
  private static final int MAX_BODY = 256 * 1024;
  private static final int MAX_HEADERS = 100;
  private static final int MAX_CHUNKED_LINE = 100;

  private final InputStream in;
  private final Flaws flaws;
  private final long connectedAt;
  private int headLeft;

  RequestReader(InputStream in, Flaws flaws, long connectedAt) {
    this.in = in;
    this.flaws = flaws;
    this.connectedAt = connectedAt;
  }

  /** Returns the next request, or nothing at the end of the connection. */
  Optional<Request> next() throws IOException, Refused {
    headLeft = MAX_HEAD;
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    String[] start = ((char) first + line()).split(" ", -1);
    if (start.length != 3 || !start[2].equals("HTTP/1.1") || !start[1].startsWith("/")) {
      throw new Refused(400, "Bad Request: request line");
    }
    Map<String, List<String>> headers = headers();
    if (headers.getOrDefault("host", List.of()).size() != 1
        && !flaws.has(Mutation.MISSING_HOST_TAKEN)) {
      throw new Refused(400, "Bad Request: Host");
    }
    return Optional.of(new Request(start[0], start[1], headers, body(headers), connectedAt));
  }

  private Map<String, List<String>> headers() throws IOException, Refused {
    Map<String, List<String>> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String usable =
          flaws.has(Mutation.SPACE_BEFORE_COLON_TAKEN) ? line.replaceFirst(" +:", ":") : line;
      if (!usable.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+:[\\t -~\\x80-\\xff]*")) {
        throw new Refused(400, "Bad Request: header");
      }
      if (headers.size() > MAX_HEADERS) {
        throw new Refused(431, "Request Header Fields Too Large");
      }
      String[] parts = usable.split(":", 2);
      headers
          .computeIfAbsent(parts[0].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(parts[1].strip());
    }
    return headers;
  }

  private byte[] body(Map<String, List<String>> headers) throws IOException, Refused {
    List<String> codings = headers.getOrDefault("transfer-encoding", List.of());
    List<String> lengths = headers.getOrDefault("content-length", List.of());
    byte[] body;
    if (!codings.isEmpty()) {
      boolean both = !lengths.isEmpty() && !flaws.has(Mutation.CL_TE_TAKEN);
      if (both || codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
        throw new Refused(400, "Bad Request: Transfer-Encoding");
      }
      body = chunks();
    } else {
      body = lengths.isEmpty() ? new byte[0] : exactly(length(lengths));
    }
    return plain(headers, body);
  }

  private byte[] plain(Map<String, List<String>> headers, byte[] body) throws IOException, Refused {
    if (!headers.containsKey("content-encoding")) {
      return body;
    }
    if (flaws.has(Mutation.GZIP_TAKEN)) {
      try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(body))) {
        return unpacked.readAllBytes();
      }
    }
    throw new Refused(415, "Unsupported Media Type");
  }

  private int length(List<String> lengths) throws Refused {
    boolean several = lengths.size() > 1 && !flaws.has(Mutation.TWO_LENGTHS_TAKEN);
    if (several || !lengths.get(0).matches("[0-9]{1,9}")) {
      throw new Refused(400, "Bad Request: Content-Length");
    }
    return limited(Integer.parseInt(lengths.get(0)));
  }

  private int limited(int length) throws Refused {
    if (length > MAX_BODY && !flaws.has(Mutation.LARGE_BODY_TAKEN)) {
      throw new Refused(413, "Request too large");
    }
    return length;
  }

  private byte[] chunks() throws IOException, Refused {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      String size = line();
      if (size.length() > MAX_CHUNKED_LINE || !size.matches("[0-9a-fA-F]{1,7}")) {
        throw new Refused(400, "Bad Request: chunk");
      }
      int count = Integer.parseInt(size, 16);
      limited(all.size() + count);
      all.write(exactly(count));
      if (!line().isEmpty()) {
        throw new Refused(400, "Bad Request: chunk");
      }
      if (count == 0) {
        return all.toByteArray();
      }
    }
  }

  private byte[] exactly(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new IOException("the caller has left");
    }
    return bytes;
  }

  private String line() throws IOException, Refused {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the caller has left");
      }
      if (--headLeft < 0) {
        throw new Refused(431, "Request Header Fields Too Large");
      }
      line.write(next);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    if (!text.endsWith("\r")) {
      throw new Refused(400, "Bad Request: line end");
    }
    return text.substring(0, text.length() - 1);
  }
}
