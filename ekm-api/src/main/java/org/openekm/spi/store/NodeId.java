// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * The identifier of one run of one server: a UUID, written in lower case with hyphens. A server
 * that starts again is another node.
 *
 * @param value the UUID
 */
public record NodeId(UUID value) {

  /** Checks that the value is there. */
  public NodeId {
    requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
