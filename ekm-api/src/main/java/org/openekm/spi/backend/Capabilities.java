// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.backend;

import java.util.Set;

/**
 * What a backend can do and where its limits are. May change when a device is replaced; read it
 * anew rather than keep it.
 *
 * @param ivSource who makes the initialization vector
 * @param maxPlaintextBytes the longest plaintext of one encryption, at least 1
 * @param maxAadBytes the longest additional authenticated data, 0 or more
 * @param keyLengths the lengths of AES keys in bytes: of 16, 24 and 32
 * @param features what it can do beside encryption and decryption
 * @param maxConcurrentCalls how many calls it can work on at once, at least 1; more would only
 *     queue inside
 */
public record Capabilities(
    IvSource ivSource,
    int maxPlaintextBytes,
    int maxAadBytes,
    Set<Integer> keyLengths,
    Set<BackendFeature> features,
    int maxConcurrentCalls) {

  /** Who makes the initialization vector of an encryption. */
  public enum IvSource {
    /**
     * The backend's host side draws it, from {@code ComponentContext.random} or the device's random
     * generator.
     */
    HOST,
    /** The device makes it inside the encryption and tells it afterwards. */
    DEVICE
  }

  /** Copies the sets and checks the ranges. */
  public Capabilities {
    keyLengths = Set.copyOf(keyLengths);
    features = Set.copyOf(features);
    if (maxPlaintextBytes < 1 || maxAadBytes < 0 || maxConcurrentCalls < 1) {
      throw new IllegalArgumentException(
          "maxPlaintextBytes and maxConcurrentCalls must be positive");
    }
  }

  /** Returns true if the backend has the feature. */
  public boolean has(BackendFeature feature) {
    return features.contains(feature);
  }
}
