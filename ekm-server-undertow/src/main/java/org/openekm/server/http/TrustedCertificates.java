// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Makes what trusts the authorities of a file, and no others. */
public final class TrustedCertificates {

  private TrustedCertificates() {}

  /**
   * Returns the TLS context of a client.
   *
   * @param file PEM file with certificates of authorities
   * @throws TlsException if it can't be read or holds something else
   */
  public static SSLContext context(Path file) {
    TrustManager[] managers = managers(file);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new TlsException(file + " can't be used as a list of trusted certificates", e);
    }
  }

  /**
   * Reads a PEM file with certificates of authorities.
   *
   * @throws TlsException if it can't be read or holds something else
   */
  static TrustManager[] managers(Path file) {
    List<X509Certificate> authorities = TlsFiles.certificates(file);
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        trusted.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      return managers.getTrustManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsException(file + " can't be used as a list of trusted certificates", e);
    }
  }
}
