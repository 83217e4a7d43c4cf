// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openekm.api.Deadline;
import org.openekm.hsm.kmip.internal.client.TransportException.Kind;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;

/** Finds out which version a server speaks and what it can do: Discover Versions, then Query. */
final class Introduction {

  private static final int QUERY_OPERATIONS = 1;
  private static final int QUERY_SERVER_INFORMATION = 3;

  private Introduction() {}

  static ServerInfo of(Endpoint endpoint, long number, Deadline deadline) {
    Address address = endpoint.address();
    List<ProtocolVersion> theirs =
        address.version().isEmpty() && address.quirks().discover()
            ? discover(endpoint, deadline)
            : List.of();
    ProtocolVersion version = choose(address, theirs);
    if (!address.quirks().query()) {
      return new ServerInfo(version, theirs, Optional.empty(), "", number);
    }
    Ttlv payload =
        endpoint
            .send(version, List.of(query(QUERY_OPERATIONS, QUERY_SERVER_INFORMATION)), deadline)
            .get(0)
            .payload();
    Set<Integer> operations = new HashSet<>();
    payload.all(Tag.OPERATION).forEach(one -> operations.add(one.asEnumeration()));
    String vendor =
        payload
            .find(Tag.VENDOR_IDENTIFICATION)
            .map(Ttlv::asText)
            .map(text -> text.replaceAll("[^ -~]", "?"))
            .orElse("");
    return new ServerInfo(version, theirs, Optional.of(operations), vendor, number);
  }

  private static RequestItem query(int... functions) {
    return RequestItem.of(
        KmipOperation.QUERY,
        java.util.Arrays.stream(functions)
            .mapToObj(function -> Ttlv.enumeration(Tag.QUERY_FUNCTION, function))
            .toList());
  }

  private static List<ProtocolVersion> discover(Endpoint endpoint, Deadline deadline) {
    RequestItem question =
        RequestItem.of(
            KmipOperation.DISCOVER_VERSIONS,
            ProtocolVersion.SPOKEN.stream().map(ProtocolVersion::toTtlv).toList());
    try {
      return endpoint
          .send(ProtocolVersion.OF_DISCOVERY, List.of(question), deadline)
          .get(0)
          .payload()
          .all(Tag.PROTOCOL_VERSION)
          .stream()
          .map(ProtocolVersion::of)
          .toList();
    } catch (RefusedException e) {
      throw new TransportException(
          Kind.SETTINGS,
          endpoint.address().label()
              + " does not say which versions it speaks; set 'version'. It said: "
              + e.getMessage(),
          e);
    }
  }

  private static ProtocolVersion choose(Address address, List<ProtocolVersion> theirs) {
    return address
        .version()
        .or(() -> ProtocolVersion.SPOKEN.stream().filter(theirs::contains).findFirst())
        .orElseThrow(
            () ->
                new TransportException(
                    Kind.SETTINGS,
                    address.label()
                        + " and this client have no version of KMIP in common"
                        + (address.quirks().discover() ? "" : "; set 'version'"),
                    null));
  }
}
