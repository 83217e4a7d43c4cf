// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

/**
 * A factory of one kind of part, found by {@link java.util.ServiceLoader} and chosen by name in the
 * configuration.
 *
 * <p>Two providers of one kind with the same name fail the start. Implementations are stateless.
 */
public interface NamedProvider {

  /**
   * Returns the name by which configuration chooses this provider: lower-case letters, digits and
   * hyphens, such as {@code software} or {@code pkcs11}.
   */
  String name();
}
