// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Operation;
import org.openekm.spi.policy.AccessRequest;
import org.openekm.spi.policy.Decision;

/**
 * One rule. An empty collection matches everything.
 *
 * @param decision what the rule says, with its name as the clause
 * @param operations the operations
 * @param clientIds the OAuth clients
 * @param scopes the scopes, one of which the token must have
 * @param sources the networks of the caller
 * @param times the time windows
 */
record PolicyRule(
    Decision decision,
    Set<Operation> operations,
    Set<String> clientIds,
    Set<String> scopes,
    List<AddressRange> sources,
    List<TimeWindow> times) {

  PolicyRule {
    operations = Set.copyOf(operations);
    clientIds = Set.copyOf(clientIds);
    scopes = Set.copyOf(scopes);
    sources = List.copyOf(sources);
    times = List.copyOf(times);
  }

  boolean allows() {
    return decision.allowed();
  }

  boolean matches(AccessRequest request) {
    return (operations.isEmpty() || operations.contains(request.operation()))
        && (clientIds.isEmpty() || clientIds.contains(request.client().clientId()))
        && (scopes.isEmpty() || anyScope(request.client().scopes()))
        && (sources.isEmpty() || anySource(request.source().orElse(null)))
        && (times.isEmpty() || anyTime(request.time().getEpochSecond()));
  }

  private boolean anyScope(Set<String> held) {
    for (String scope : held) {
      if (scopes.contains(scope)) {
        return true;
      }
    }
    return false;
  }

  private boolean anySource(@Nullable InetAddress source) {
    if (source == null) {
      // Nothing is known of the caller: let a rule that forbids apply, and one that permits not.
      return !allows();
    }
    byte[] address = AddressRange.normalized(source.getAddress());
    for (int i = 0; i < sources.size(); i++) {
      if (sources.get(i).contains(address)) {
        return true;
      }
    }
    return false;
  }

  private boolean anyTime(long epochSecond) {
    for (int i = 0; i < times.size(); i++) {
      if (times.get(i).contains(epochSecond)) {
        return true;
      }
    }
    return false;
  }
}
