// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.Optional;

/**
 * A key to be made, imported or adopted.
 *
 * @param vault the vault's name or id
 * @param name the operator's name for the key, unique in its vault
 * @param lengthBytes 16, 24 or 32; OCI takes 32 only
 * @param policy the policy's text; absent to leave it to the vault's
 * @param active false to prepare the key without releasing it for use
 */
public record NewKeyCommand(
    String vault, String name, int lengthBytes, Optional<String> policy, boolean active) {

  /** Makes a command for a key that is in use at once. */
  public NewKeyCommand(String vault, String name, int lengthBytes, Optional<String> policy) {
    this(vault, name, lengthBytes, policy, true);
  }
}
