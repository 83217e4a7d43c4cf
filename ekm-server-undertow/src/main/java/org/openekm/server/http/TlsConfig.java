// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.openekm.spi.SecretReference;

/**
 * Where a listener's TLS key and certificate are.
 *
 * @param source the files
 * @param reloadInterval how often the files are looked at for a change
 * @param clients which client certificates are asked for; absent to ask for none
 */
public record TlsConfig(Source source, Duration reloadInterval, Optional<Clients> clients) {

  /** Makes a configuration that asks for no client certificates. */
  public TlsConfig(Source source, Duration reloadInterval) {
    this(source, reloadInterval, Optional.empty());
  }

  /**
   * Which client certificates are asked for.
   *
   * @param authorities PEM file with the certificates of the authorities whose signature is
   *     accepted; read once, at the start
   * @param required true to talk to nobody without a certificate
   */
  public record Clients(Path authorities, boolean required) {}

  /** The files that hold the key and the certificate. */
  public sealed interface Source permits Pem, Pkcs12 {}

  /**
   * Two PEM files.
   *
   * @param certificate the server's certificate first, then the chain
   * @param key the private key, PKCS#8 or PKCS#1
   * @param keyPassword the key's password if it is encrypted
   */
  public record Pem(Path certificate, Path key, Optional<SecretReference> keyPassword)
      implements Source {}

  /**
   * A PKCS#12 file with one key entry.
   *
   * @param keystore the file
   * @param password its password
   */
  public record Pkcs12(Path keystore, SecretReference password) implements Source {}
}
