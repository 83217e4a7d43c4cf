// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.util.Optional;
import org.openekm.hsm.kmip.internal.client.KmipClientConfig.Times;

/**
 * One server.
 *
 * @param host its name or address
 * @param port its port
 * @param serverName the name that its certificate must have
 * @param version the version to speak; absent to ask the server
 * @param quirks where it differs from others
 */
public record Address(
    String host, int port, String serverName, Optional<ProtocolVersion> version, Quirks quirks) {

  /** Returns a name for messages. */
  public String label() {
    return host + ":" + port;
  }

  /** Returns how long it may take at most to find out what the server can do. */
  static java.time.Duration introduction(Times times) {
    return times.connect().plus(times.handshake()).plus(times.request().multipliedBy(2));
  }
}
