// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.checks;

import static org.openekm.testkit.conformance.Check.info;
import static org.openekm.testkit.conformance.Check.must;
import static org.openekm.testkit.conformance.Check.should;

import java.io.IOException;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.Evidence;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.http.RawConnection;

/** The certificate and the versions of TLS. */
public final class TlsChecks {

  private static final int LEAST_RSA_BITS = 2048;

  private TlsChecks() {}

  /** Returns the checks. */
  public static List<Check> all() {
    return List.of(
        must(
                "tls.certificate",
                "The certificate is signed by the given CA and is for the host in the vault URL.")
            .by(Evidence.OFFICIAL, bench -> version(bench)),
        should(
                "tls.rsa",
                "The certificate has an RSA key of at least 2048 bits; OCI's gateway refused an ECDSA one.")
            .by(Evidence.OFFICIAL, TlsChecks::rsa),
        must("tls.modern", "TLS 1.2 or 1.3 is offered.")
            .by(
                Evidence.STANDARD,
                bench ->
                    Expect.that(
                        List.of("TLSv1.2", "TLSv1.3").contains(version(bench)),
                        "another version of TLS was agreed on")),
        should("tls.v12", "TLS 1.2 is offered.")
            .by(Evidence.INFERRED, bench -> version(bench, "TLSv1.2")),
        info("tls.v13", "TLS 1.3 is offered.")
            .by(Evidence.INFERRED, bench -> version(bench, "TLSv1.3")));
  }

  private static String version(Bench bench, String... versions) throws IOException {
    try (RawConnection connection = bench.endpoint().connect(Bench.PATIENCE, versions)) {
      return connection.tlsVersion();
    } catch (javax.net.ssl.SSLException e) {
      throw (org.openekm.testkit.conformance.Finding)
          new org.openekm.testkit.conformance.Finding("the TLS handshake failed: " + e.getMessage())
              .initCause(e);
    }
  }

  private static void rsa(Bench bench) throws IOException {
    try (RawConnection connection = bench.connect()) {
      Expect.that(
          connection.certificate().getPublicKey() instanceof RSAPublicKey key
              && key.getModulus().bitLength() >= LEAST_RSA_BITS,
          "the certificate's key is " + connection.certificate().getPublicKey().getAlgorithm());
    }
  }
}
