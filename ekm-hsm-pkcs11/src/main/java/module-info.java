// SPDX-License-Identifier: Apache-2.0

/** Keys in an HSM or token that speaks PKCS#11. */
module org.openekm.hsm.pkcs11 {
  requires org.openekm.api;
  requires org.slf4j;
  requires static com.sun.jna;
  requires static info.picocli;
  requires static org.jspecify;

  exports org.openekm.hsm.pkcs11;

  provides org.openekm.spi.backend.KeyBackendProvider with
      org.openekm.hsm.pkcs11.Pkcs11KeyBackendProvider;
}
