// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ttlv;

/**
 * How much a decoder takes.
 *
 * @param maxBytes the longest message
 * @param maxDepth how deep structures may lie in each other
 * @param maxItems how many items a message may have in all
 */
public record TtlvLimits(int maxBytes, int maxDepth, int maxItems) {

  private static final int DEPTH = 16;
  private static final int ITEMS = 10_000;

  /** Returns the usual limits for messages of this size. */
  public static TtlvLimits ofBytes(int maxBytes) {
    return new TtlvLimits(maxBytes, DEPTH, ITEMS);
  }
}
