// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cli;

/** How a command answers. */
enum Output {
  /** For people. */
  TEXT,
  /** For programs. */
  JSON
}
