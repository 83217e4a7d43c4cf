// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

/** Where the keys of a server of our own live. */
enum DemoBackend {
  /** In an encrypted file. */
  SOFTWARE,
  /** In a token of SoftHSM that is made for the purpose. */
  PKCS11,
  /** In a PyKMIP server that is started for the purpose. */
  KMIP
}
