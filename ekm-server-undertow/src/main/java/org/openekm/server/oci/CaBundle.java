// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.oci;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The certificates by which OCI knows the key manager. */
public final class CaBundle {

  private static final int LINE = 64;

  private CaBundle() {}

  /**
   * Returns the authorities of a server's chain as PEM; absent if the chain does not end in a root,
   * because OCI could not check it then.
   */
  public static Optional<String> ofChain(List<X509Certificate> chain) {
    X509Certificate last = chain.get(chain.size() - 1);
    if (!last.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
      return Optional.empty();
    }
    return Optional.of(pem(chain.size() == 1 ? chain : chain.subList(1, chain.size())));
  }

  /**
   * Returns the certificates of a PEM file, and nothing else that is in it.
   *
   * @throws IOException if it can't be read or holds no certificate
   */
  public static String ofFile(Path file) throws IOException {
    List<X509Certificate> found = new ArrayList<>();
    try {
      for (Certificate each :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))) {
        found.add((X509Certificate) each);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is not a PEM file with certificates", e);
    }
    if (found.isEmpty()) {
      throw new IOException(file + " holds no certificate");
    }
    return pem(found);
  }

  private static String pem(List<X509Certificate> certificates) {
    Base64.Encoder encoder = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII));
    StringBuilder text = new StringBuilder();
    try {
      for (X509Certificate each : certificates) {
        text.append("-----BEGIN CERTIFICATE-----\n")
            .append(encoder.encodeToString(each.getEncoded()))
            .append("\n-----END CERTIFICATE-----\n");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read has no encoding", e);
    }
    return text.toString();
  }
}
