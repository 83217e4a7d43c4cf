// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.openekm.spi.SecretReference;

/**
 * What a client needs to know.
 *
 * @param servers the servers in the order of preference, at least one; all have the same keys
 * @param files where certificates and keys are
 * @param times how long things may take
 * @param connections the most connections to each server
 * @param maxResponse the longest answer in bytes
 */
public record KmipClientConfig(
    List<Address> servers, Files files, Times times, int connections, int maxResponse) {

  /** How many calls may wait for each connection: one is free again within milliseconds. */
  static final int WAITING_FOR_EACH = 4;

  /** Copies the list. */
  public KmipClientConfig {
    servers = List.copyOf(servers);
  }

  /** Returns how many calls can be under way or wait. */
  public int maxCalls() {
    return connections * WAITING_FOR_EACH;
  }

  /**
   * Files of TLS. Either certificate and private key, or a key store.
   *
   * @param trusted certificates of authorities, PEM
   * @param certificate our certificate and its chain, PEM
   * @param privateKey our private key, PEM, not encrypted
   * @param keyStore our key and certificates, PKCS#12
   * @param password its password
   */
  public record Files(
      Path trusted,
      Optional<Path> certificate,
      Optional<Path> privateKey,
      Optional<Path> keyStore,
      Optional<SecretReference> password) {}

  /**
   * Limits of time.
   *
   * @param connect for a TCP connection
   * @param handshake for TLS
   * @param request for an answer, if the caller does not ask for less
   * @param idle how long an unused connection is kept; shorter than the server's own limit
   */
  public record Times(Duration connect, Duration handshake, Duration request, Duration idle) {}
}
