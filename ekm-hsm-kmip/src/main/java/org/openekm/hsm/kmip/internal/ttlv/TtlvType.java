// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ttlv;

/** The types of values, by their numbers on the wire. */
public enum TtlvType {
  /** Other items. */
  STRUCTURE(1, -1),
  /** 32 bits with a sign. */
  INTEGER(2, 4),
  /** 64 bits with a sign. */
  LONG_INTEGER(3, 8),
  /** Any number of bits, in multiples of 64. */
  BIG_INTEGER(4, -1),
  /** 32 bits. */
  ENUMERATION(5, 4),
  /** 64 bits of which the last tells. */
  BOOLEAN(6, 8),
  /** UTF-8. */
  TEXT_STRING(7, -1),
  /** Bytes. */
  BYTE_STRING(8, -1),
  /** Seconds since 1970. */
  DATE_TIME(9, 8),
  /** Seconds. */
  INTERVAL(10, 4),
  /** Microseconds since 1970. */
  DATE_TIME_EXTENDED(11, 8);

  private static final TtlvType[] BY_CODE = values();

  private final int code;
  private final int length;

  TtlvType(int code, int length) {
    this.code = code;
    this.length = length;
  }

  int code() {
    return code;
  }

  /** Returns the length that every value of the type has, or -1. */
  int fixedLength() {
    return length;
  }

  static TtlvType of(int code) {
    if (code < 1 || code > BY_CODE.length) {
      throw new TtlvException("there is no type " + code);
    }
    return BY_CODE[code - 1];
  }
}
