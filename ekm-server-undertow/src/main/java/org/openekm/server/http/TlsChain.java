// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.security.cert.X509Certificate;
import java.util.List;
import org.openekm.spi.SecretResolver;

/** Reads the certificates of a listener for somebody who looks at them without serving them. */
public final class TlsChain {

  private TlsChain() {}

  /**
   * Returns the certificates in the order of the file, the server's own first. Does not judge them.
   *
   * @throws TlsException if the files can't be read or hold something else
   */
  public static List<X509Certificate> read(TlsConfig config, SecretResolver secrets) {
    return new TlsFiles(config.source(), secrets).read().chain();
  }
}
