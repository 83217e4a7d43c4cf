// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.nio.ByteBuffer;

/**
 * Finds the end of an answer and its status, keeping nothing else. Knows only bodies with a
 * Content-Length. Used by one thread; no garbage.
 */
final class AnswerParser {

  private static final byte[] LENGTH = {
    'c', 'o', 'n', 't', 'e', 'n', 't', '-', 'l', 'e', 'n', 'g', 't', 'h', ':'
  };
  private static final byte[] CLOSE = {
    'c', 'o', 'n', 'n', 'e', 'c', 't', 'i', 'o', 'n', ':', ' ', 'c', 'l', 'o', 's', 'e'
  };

  private final byte[] line = new byte[64];
  private int lineLength;
  private int lines;
  private long bodyLeft;
  private boolean inBody;
  private int status;
  private boolean closes;

  void reset() {
    lineLength = 0;
    lines = 0;
    bodyLeft = 0;
    inBody = false;
    status = 0;
    closes = false;
  }

  /** Takes bytes; returns true once the answer is whole. */
  boolean feed(ByteBuffer in) {
    while (!inBody && in.hasRemaining()) {
      byte b = in.get();
      if (b != '\n') {
        if (lineLength < line.length) {
          line[lineLength] = b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
        }
        lineLength++;
      } else {
        endLine();
      }
    }
    if (!inBody) {
      return false;
    }
    int taken = (int) Math.min(bodyLeft, in.remaining());
    in.position(in.position() + taken);
    bodyLeft -= taken;
    return bodyLeft == 0;
  }

  private void endLine() {
    int length =
        lineLength > 0 && lineLength <= line.length && line[lineLength - 1] == '\r'
            ? lineLength - 1
            : lineLength;
    if (lines == 0) {
      status = length >= 12 ? number(9, 12) : 0;
    } else if (length == 0) {
      inBody = true;
    } else if (begins(LENGTH, length)) {
      bodyLeft = number(LENGTH.length, Math.min(length, line.length));
    } else if (begins(CLOSE, length)) {
      closes = true;
    }
    lines++;
    lineLength = 0;
  }

  private boolean begins(byte[] name, int length) {
    if (length < name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (line[i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  private int number(int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      if (line[i] >= '0' && line[i] <= '9') {
        number = number * 10 + line[i] - '0';
      }
    }
    return number;
  }

  int status() {
    return status;
  }

  boolean closes() {
    return closes;
  }
}
