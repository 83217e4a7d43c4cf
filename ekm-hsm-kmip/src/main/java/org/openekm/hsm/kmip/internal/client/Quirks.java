// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

/**
 * Where a server differs from the standard, or from what most do.
 *
 * @param discover whether it knows Discover Versions
 * @param query whether it knows Query; without it all operations are taken for granted
 * @param numberedItems whether a single item carries a number, which the answer must repeat
 * @param batchItems how many items one message may have, at least 1
 * @param tagAppended whether the tag stands behind the ciphertext, as before KMIP 1.4; there is no
 *     AAD then
 * @param generalFailureIsBadTag whether a decryption that ends in General Failure means a tag that
 *     does not fit
 * @param protectedKeys whether new keys are made sensitive and not extractable
 * @param anySuite whether TLS suites without forward secrecy or authenticated encryption are
 *     allowed
 */
public record Quirks(
    boolean discover,
    boolean query,
    boolean numberedItems,
    int batchItems,
    boolean tagAppended,
    boolean generalFailureIsBadTag,
    boolean protectedKeys,
    boolean anySuite) {}
