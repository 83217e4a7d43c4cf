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
   * Returns the TLS context of a client that trusts the authorities in a PEM file.
   *
   * @throws TlsException if it can't be read or holds something else
   */
  public static SSLContext context(Path file) {
    return context(file, TlsFiles.certificates(file));
  }

  /** Makes a context that trusts these certificates; where they come from is for messages. */
  public static SSLContext context(Path origin, List<X509Certificate> authorities) {
    TrustManager[] managers = managers(origin, authorities);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw unusable(origin, e);
    }
  }

  /**
   * Reads a PEM file with certificates of authorities.
   *
   * @throws TlsException if it can't be read or holds something else
   */
  static TrustManager[] managers(Path file) {
    return managers(file, TlsFiles.certificates(file));
  }

  private static TrustManager[] managers(Path origin, List<X509Certificate> authorities) {
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
      throw unusable(origin, e);
    }
  }

  private static TlsException unusable(Path origin, Exception cause) {
    return new TlsException(origin + " can't be used as a list of trusted certificates", cause);
  }
}
