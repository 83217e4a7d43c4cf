// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

/**
 * Something that goes wrong with an answer.
 *
 * @param kind what
 * @param value a reason's number, or milliseconds; 0 where the kind needs none
 */
public record KmipFault(Kind kind, int value) {

  /** The kinds of faults. */
  public enum Kind {
    /** Closes the connection before it does anything. */
    CLOSE_BEFORE,
    /** Does what was asked, then closes the connection without an answer. */
    CLOSE_AFTER,
    /** Sends half the answer, then closes the connection. */
    HALF,
    /** Sends half the answer and no more. */
    HALF_AND_HANG,
    /** Never answers. */
    HANG,
    /** Answers late, by so many milliseconds. */
    LATE,
    /** Sends a byte every so many milliseconds. */
    SLOW,
    /** Sends the answer twice. */
    TWICE,
    /** Answers with other numbers of items. */
    WRONG_ID,
    /** Answers as if to another operation. */
    WRONG_OPERATION,
    /** Answers with a wrong number of items. */
    WRONG_COUNT,
    /** Announces an answer of 2 GB. */
    OVERSIZED,
    /** Sends bytes that are no message. */
    GARBAGE,
    /** Refuses, with this reason. */
    REASON,
    /** Says that the operation is pending. */
    PENDING,
    /** Says that the operation was undone. */
    UNDONE,
    /** Leaves the authentication tag out. */
    NO_TAG,
    /** Gives an authentication tag of 12 bytes. */
    SHORT_TAG,
    /** Says that another IV was used. */
    OTHER_IV,
    /** Gives one byte of data too few. */
    SHORT_DATA,
    /** Gives one byte of data too many. */
    LONG_DATA
  }

  /** Returns a fault of a kind that needs no value. */
  public static KmipFault of(Kind kind) {
    return new KmipFault(kind, 0);
  }

  /** Returns a refusal with this Result Reason. */
  public static KmipFault reason(int code) {
    return new KmipFault(Kind.REASON, code);
  }

  /** Returns an answer that comes late. */
  public static KmipFault late(int milliseconds) {
    return new KmipFault(Kind.LATE, milliseconds);
  }

  /** Returns an answer that dribbles. */
  public static KmipFault slow(int millisecondsPerByte) {
    return new KmipFault(Kind.SLOW, millisecondsPerByte);
  }
}
