// SPDX-License-Identifier: Apache-2.0

/** Keys in a key manager that speaks KMIP. */
module org.openekm.hsm.kmip {
  requires org.openekm.api;
  requires org.slf4j;
  requires static info.picocli;
  requires static org.jspecify;

  exports org.openekm.hsm.kmip;

  // For the command line's library, which reads annotations.
  opens org.openekm.hsm.kmip.internal.cli to
      info.picocli;

  provides org.openekm.spi.CommandProvider with
      org.openekm.hsm.kmip.internal.cli.KmipCommands;
  provides org.openekm.spi.backend.KeyBackendProvider with
      org.openekm.hsm.kmip.KmipKeyBackendProvider;
}
