// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

/**
 * Brings a part's own commands to the command line, under its {@link #name()}: {@code ekm NAME …}.
 * Implementations are stateless.
 */
public interface CommandProvider extends NamedProvider {

  /**
   * Returns an object that the command line's library, picocli, takes for a command with
   * subcommands. An object of that library's own would tie all parts to it.
   */
  Object command();
}
