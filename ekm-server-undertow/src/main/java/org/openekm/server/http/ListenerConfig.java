// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.util.Optional;

/**
 * One TCP listener.
 *
 * @param host the address to bind to, such as {@code 0.0.0.0} or {@code 127.0.0.1}
 * @param port the port, 0 for any free one
 * @param tls key and certificate; absent for plain HTTP
 * @param limits what it lets in
 */
public record ListenerConfig(String host, int port, Optional<TlsConfig> tls, HttpLimits limits) {}
