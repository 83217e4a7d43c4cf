// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.cli;

import org.openekm.spi.CommandProvider;

/** Brings {@code ekm kmip} to the command line. */
public final class KmipCommands implements CommandProvider {

  /** Makes the provider; called by {@link java.util.ServiceLoader}. */
  public KmipCommands() {}

  @Override
  public String name() {
    return "kmip";
  }

  @Override
  public Object command() {
    return new KmipCommand();
  }
}
