// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.util.Optional;

/**
 * What a backend does beside talking to servers.
 *
 * @param localCrypto whether keys are fetched and used here
 * @param localRandom whether random bytes are drawn here
 * @param readOnly whether keys are neither made, taken in nor destroyed
 * @param importing whether keys are taken in
 * @param refuseWeak whether keys that are extractable or not of 256 bits are refused
 * @param namePrefix what stands before the key version's id in the name of a new key
 * @param selfTestKey a key to try the servers with before the first call
 * @param limits the longest data
 */
public record KmipBackendConfig(
    boolean localCrypto,
    boolean localRandom,
    boolean readOnly,
    boolean importing,
    boolean refuseWeak,
    String namePrefix,
    Optional<String> selfTestKey,
    Limits limits) {

  /**
   * Lengths of data.
   *
   * @param plaintext the longest plaintext in bytes
   * @param aad the longest additional data in bytes
   */
  public record Limits(int plaintext, int aad) {}
}
