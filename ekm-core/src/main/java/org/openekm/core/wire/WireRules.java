// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

/**
 * How forgiving a profile is.
 *
 * @param ignoreUnknownFields false to refuse a body or query with a name that the profile lacks
 * @param integersAsStrings true to take {@code "32"} for {@code 32}
 * @param appendedTag true to take the last 16 bytes of the ciphertext for the tag if the tag is
 *     missing
 * @param ignoreCallerIv true to take, and not to use, an IV that comes with an encryption; false to
 *     refuse it
 * @param sealRandomBytes true to give random bytes together with their encryption
 * @param defaultRandomLength how many random bytes a request without a length gets
 */
record WireRules(
    boolean ignoreUnknownFields,
    boolean integersAsStrings,
    boolean appendedTag,
    boolean ignoreCallerIv,
    boolean sealRandomBytes,
    int defaultRandomLength) {}
