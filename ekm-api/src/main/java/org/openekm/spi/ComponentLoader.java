// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

import java.util.List;
import java.util.ServiceLoader;

/**
 * Finds the providers of one kind. An embedder can hand in its own instead of the class path.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
public interface ComponentLoader {

  /**
   * Returns one instance of every provider of the kind that can be found, in no particular order.
   */
  <T extends NamedProvider> List<T> load(Class<T> kind);

  /**
   * Returns the loader that asks {@link ServiceLoader} with the given class loader.
   *
   * <p>A module that calls this must declare {@code uses} for the kinds that it loads.
   */
  static ComponentLoader ofServiceLoader(ClassLoader classLoader) {
    return new ComponentLoader() {
      @Override
      public <T extends NamedProvider> List<T> load(Class<T> kind) {
        return ServiceLoader.load(kind, classLoader).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
      }
    };
  }
}
