// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.cli;

/** How a command answers. */
enum Output {
  /** For people. */
  TEXT,
  /** For programs. */
  JSON
}
