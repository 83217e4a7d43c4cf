// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A key to be made, imported or adopted.
 *
 * @param vault the vault's name or id
 * @param name the operator's name for the key, unique in its vault
 * @param lengthBytes 16, 24 or 32; OCI takes 32 only
 * @param policy the policy's text; absent to leave it to the vault's
 * @param active false to prepare the key without releasing it for use
 * @param options what else it shall have
 */
public record NewKeyCommand(
    String vault,
    String name,
    int lengthBytes,
    Optional<String> policy,
    boolean active,
    Options options) {

  /**
   * What a key may have from the start.
   *
   * @param labels the operator's own names and values, at most 32
   * @param rotationPeriod how old a version may get before the server makes a new one, 1 hour to
   *     3650 days; absent to leave rotation to an operator
   */
  public record Options(Map<String, String> labels, Optional<Duration> rotationPeriod) {

    private static final Options NONE = new Options(Map.of(), Optional.empty());

    /** Copies the labels. */
    public Options {
      labels = Map.copyOf(labels);
    }

    /** Returns the options of a key that has none. */
    public static Options none() {
      return NONE;
    }
  }

  /** Makes a command for a key without further options. */
  public NewKeyCommand(
      String vault, String name, int lengthBytes, Optional<String> policy, boolean active) {
    this(vault, name, lengthBytes, policy, active, Options.none());
  }

  /** Makes a command for a key that is in use at once. */
  public NewKeyCommand(String vault, String name, int lengthBytes, Optional<String> policy) {
    this(vault, name, lengthBytes, policy, true, Options.none());
  }
}
