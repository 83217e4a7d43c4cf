// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.ArrayList;
import java.util.List;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;

/**
 * How large a request may be. Immutable and thread-safe.
 *
 * @param maxBodyBytes the whole body, 1 KiB to 16 MiB
 * @param maxPlaintextBytes the plaintext of an encryption and the ciphertext of a decryption, 1 to
 *     {@code maxBodyBytes}
 * @param maxAadBytes the additional authenticated data, 0 to {@code maxBodyBytes}
 * @param maxRandomBytes how many random bytes one call gives, 1 to 1024
 * @param maxDepth how deeply a body may be nested, 1 to 64 levels
 */
public record WireLimits(
    int maxBodyBytes, int maxPlaintextBytes, int maxAadBytes, int maxRandomBytes, int maxDepth) {

  static final int LEAST_BODY = 1 << 10;
  static final int MOST_BODY = 16 << 20;
  static final int MOST_RANDOM = 1024;
  static final int MOST_DEPTH = 64;

  /**
   * Checks the ranges.
   *
   * @throws InvalidConfigurationException if any value is out of its range; holds all problems
   */
  public WireLimits {
    List<ConfigurationProblem> problems = new ArrayList<>();
    require(problems, "maxBodyBytes", maxBodyBytes, LEAST_BODY, MOST_BODY);
    require(problems, "maxPlaintextBytes", maxPlaintextBytes, 1, maxBodyBytes);
    require(problems, "maxAadBytes", maxAadBytes, 0, maxBodyBytes);
    require(problems, "maxRandomBytes", maxRandomBytes, 1, MOST_RANDOM);
    require(problems, "maxDepth", maxDepth, 1, MOST_DEPTH);
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  /**
   * Returns 256 KiB of body, 64 KiB of plaintext, 64 KiB of AAD, 1024 random bytes and 16 levels.
   */
  public static WireLimits defaults() {
    return new WireLimits(256 << 10, 64 << 10, 64 << 10, MOST_RANDOM, 16);
  }

  private static void require(
      List<ConfigurationProblem> problems, String field, int value, int min, int max) {
    if (value < min || value > max) {
      problems.add(
          new ConfigurationProblem(
              field,
              "must be " + min + " to " + max,
              "set a value in this range or leave the setting out"));
    }
  }
}
