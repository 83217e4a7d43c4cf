// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The listener that OCI calls.
 *
 * @param listener address, TLS and limits
 * @param mounts the path prefixes under which the endpoint answers, each beginning and none ending
 *     with a slash
 * @param deadline the time from the end of a request's headers to its answer
 * @param accessLog which requests are logged
 * @param url the base URL by which OCI reaches the listener, such as {@code https://10.0.0.5:8443},
 *     for hints and for the URLs of vaults
 */
public record EndpointConfig(
    ListenerConfig listener,
    List<String> mounts,
    Duration deadline,
    AccessLog accessLog,
    Optional<String> url) {

  /** Which requests are logged. */
  public enum AccessLog {
    /** None. */
    OFF,
    /** Those that were answered with an error. */
    ERRORS,
    /** All. */
    ALL
  }

  /**
   * The prefixes that answer unless configuration says otherwise; the second is the one of gateway
   * routes made for CipherTrust.
   */
  public static final List<String> DEFAULT_MOUNTS = List.of("/ekm/v1", "/api/v1/cckm/oci/ekm/v1");

  /** The time that leaves OCI's read timeout of one second a margin for the network. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMillis(700);

  /** Copies the list. */
  public EndpointConfig {
    mounts = List.copyOf(mounts);
  }

  /** Returns a configuration with the usual mounts, deadline and log for the listener. */
  public static EndpointConfig of(ListenerConfig listener) {
    return new EndpointConfig(
        listener, DEFAULT_MOUNTS, DEFAULT_DEADLINE, AccessLog.ERRORS, Optional.empty());
  }
}
