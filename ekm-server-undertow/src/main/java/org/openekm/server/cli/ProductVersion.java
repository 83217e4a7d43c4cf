// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version from the jar's manifest. */
final class ProductVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    Optional<String> version =
        Optional.ofNullable(Main.class.getPackage().getImplementationVersion());
    return new String[] {"OpenEKM " + version.orElse("(unreleased)")};
  }
}
