// SPDX-License-Identifier: Apache-2.0

/** Keys in an HSM or token that speaks PKCS#11. */
module org.openekm.hsm.pkcs11 {
  requires org.openekm.api;
  requires org.slf4j;
  requires static com.sun.jna;
  requires static info.picocli;
  requires static org.jspecify;

  exports org.openekm.hsm.pkcs11;

  // For the command line's library, which reads annotations.
  opens org.openekm.hsm.pkcs11.internal.cli to
      info.picocli;

  provides org.openekm.spi.CommandProvider with
      org.openekm.hsm.pkcs11.internal.cli.HsmCommands;
  provides org.openekm.spi.backend.KeyBackendProvider with
      org.openekm.hsm.pkcs11.Pkcs11KeyBackendProvider;
}
