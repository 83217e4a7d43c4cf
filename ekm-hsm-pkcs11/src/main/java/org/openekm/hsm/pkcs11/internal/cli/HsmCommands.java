// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cli;

import org.openekm.spi.CommandProvider;

/** Brings {@code ekm hsm} to the command line. */
public final class HsmCommands implements CommandProvider {

  /** Makes the provider; called by {@link java.util.ServiceLoader}. */
  public HsmCommands() {}

  @Override
  public String name() {
    return "hsm";
  }

  @Override
  public Object command() {
    return new HsmCommand();
  }
}
