// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes a client's TLS context that trusts the authorities of a file, and no others. */
public final class TrustedCertificates {

  private TrustedCertificates() {}

  /**
   * Reads a PEM file with certificates of authorities.
   *
   * @throws TlsException if it can't be read or holds something else
   */
  public static SSLContext context(Path file) {
    return context(file, TlsFiles.certificates(file));
  }

  /** Makes a context that trusts these certificates; where they come from is for messages. */
  public static SSLContext context(Path origin, List<X509Certificate> authorities) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        trusted.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsException(origin + " can't be used as a list of trusted certificates", e);
    }
  }
}
