// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/** Reads an audit file line by line with bounded memory, whatever is in it. Not thread-safe. */
final class AuditLineReader implements AutoCloseable {

  /** Well above what the writer makes of an event; longer lines are foreign. */
  private static final int MAX_LINE = 8 * 1024 * 1024;

  private static final int MAX_DIGITS = 18;
  private static final byte[] HEADER_START = AuditLineWriter.HEADER_START.getBytes(US_ASCII);
  private static final byte[] EVENT_START = AuditLineWriter.EVENT_START.getBytes(US_ASCII);
  private static final byte[] HEADER_SEQUENCE = AuditLineWriter.HEADER_SEQUENCE.getBytes(US_ASCII);

  private final InputStream in;
  private final MessageDigest sha256 = HashChain.newSha256();
  private final byte[] block = new byte[1 << 16];
  private int position;
  private int limit;
  private byte[] line = new byte[4096];
  private int length;
  private boolean tooLong;
  private boolean zeros;
  private long number;
  private long offset;

  AuditLineReader(Path file) throws IOException {
    in = Files.newInputStream(file);
  }

  /** Returns true if the file begins like an audit file of any version. */
  static boolean looksLikeAuditFile(Path file) throws IOException {
    byte[] start = "{\"openekm-audit\":".getBytes(US_ASCII);
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(start.length), start);
    }
  }

  /** Returns the next line, which may lack its line feed at the end of the file. */
  Optional<AuditLine> next() throws IOException {
    length = 0;
    tooLong = false;
    zeros = false;
    boolean empty = true;
    while (fill()) {
      empty = false;
      int end = lineFeed();
      keep(end);
      if (end < limit) {
        position++;
        offset++;
        return Optional.of(parse(true));
      }
    }
    return empty ? Optional.empty() : Optional.of(parse(false));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Returns false at the end of the file. */
  private boolean fill() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, in.read(block));
    }
    return position < limit;
  }

  private int lineFeed() {
    int at = position;
    while (at < limit && block[at] != '\n') {
      zeros |= block[at] == 0;
      at++;
    }
    return at;
  }

  private void keep(int end) {
    int count = end - position;
    if (length + count > MAX_LINE) {
      tooLong = true;
    } else {
      if (length + count > line.length) {
        line = Arrays.copyOf(line, Math.max(length + count, 2 * line.length));
      }
      System.arraycopy(block, position, line, length, count);
      length += count;
    }
    position = end;
    offset += count;
  }

  private AuditLine parse(boolean terminated) {
    number++;
    if (!tooLong && HashChain.hasTail(line, length)) {
      if (startsWith(EVENT_START, 0)) {
        long sequence = numberAt(EVENT_START.length);
        if (sequence > 0) {
          return known(terminated, AuditLine.Kind.EVENT, 0, sequence);
        }
      } else if (startsWith(HEADER_START, 0)) {
        long file = numberAt(HEADER_START.length);
        int after = afterNumber(HEADER_START.length);
        long sequence =
            startsWith(HEADER_SEQUENCE, after) ? numberAt(after + HEADER_SEQUENCE.length) : 0;
        if (file > 0 && sequence > 0) {
          return known(terminated, AuditLine.Kind.HEADER, file, sequence);
        }
      }
    }
    return new AuditLine(
        number, offset, terminated, zeros, AuditLine.Kind.FOREIGN, 0, 0, "", "", false);
  }

  private AuditLine known(boolean terminated, AuditLine.Kind kind, long file, long sequence) {
    String hash = HashChain.hashOf(line, length);
    boolean genuine = hash.equals(HashChain.expectedHash(sha256, line, length));
    return new AuditLine(
        number,
        offset,
        terminated,
        zeros,
        kind,
        file,
        sequence,
        HashChain.prevOf(line, length),
        hash,
        genuine);
  }

  private boolean startsWith(byte[] expected, int at) {
    return at + expected.length <= length
        && Arrays.equals(line, at, at + expected.length, expected, 0, expected.length);
  }

  /** Returns the positive number at the place, 0 if there is none. */
  private long numberAt(int at) {
    int end = afterNumber(at);
    return end == at || end - at > MAX_DIGITS
        ? 0
        : Long.parseLong(new String(line, at, end - at, US_ASCII));
  }

  private int afterNumber(int at) {
    int end = at;
    while (end < length && line[end] >= '0' && line[end] <= '9') {
      end++;
    }
    return end;
  }
}
