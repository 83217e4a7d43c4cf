// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

/**
 * What a line of an audit file says about its place in the chain.
 *
 * @param number its number in the file, from 1 on
 * @param end the offset in the file of the byte after it and its line feed
 * @param terminated false if the file ends before a line feed
 * @param zeros true if there are zero bytes in it, which no writer of ours makes: parts of the file
 *     that were never written to the disk
 * @param kind what sort of line it is
 * @param file the file's number, in a header; else 0
 * @param sequence the event's number, or the number of the first event of the file; 0 if foreign
 * @param prev the hash that it gives for the line before; empty if foreign
 * @param hash its own hash as it gives it; empty if foreign
 * @param genuine true if the hash is that of its bytes
 */
record AuditLine(
    long number,
    long end,
    boolean terminated,
    boolean zeros,
    Kind kind,
    long file,
    long sequence,
    String prev,
    String hash,
    boolean genuine) {

  enum Kind {
    HEADER,
    EVENT,
    FOREIGN
  }
}
