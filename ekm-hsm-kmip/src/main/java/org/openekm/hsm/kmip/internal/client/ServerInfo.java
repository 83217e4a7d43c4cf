// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a server says of itself.
 *
 * @param version the version that is spoken with it
 * @param versions all that it names; empty if it was not asked
 * @param operations the numbers of its operations; absent if it was not asked
 * @param vendor who made it, in its own words; may be empty
 * @param number which introduction this was: a server may have been replaced by another between two
 */
public record ServerInfo(
    ProtocolVersion version,
    List<ProtocolVersion> versions,
    Optional<Set<Integer>> operations,
    String vendor,
    long number) {

  /** Copies the list. */
  public ServerInfo {
    versions = List.copyOf(versions);
    operations = operations.map(Set::copyOf);
  }

  /** Returns false if the server has said that it lacks the operation. */
  public boolean has(KmipOperation operation) {
    return operations.map(all -> all.contains(operation.code())).orElse(true);
  }
}
