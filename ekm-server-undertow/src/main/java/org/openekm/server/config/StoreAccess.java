// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.openekm.server.EkmServerConfig;
import org.openekm.spi.ComponentLoader;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.MetadataStoreProvider;

/** Opens the metadata store of a configuration without a server. */
public final class StoreAccess {

  private final ComponentLoader loader;

  /** Makes an access that finds providers with this loader. */
  public StoreAccess(ComponentLoader loader) {
    this.loader = loader;
  }

  /**
   * Opens the store, works with it and closes it.
   *
   * @throws ConfigException if the store's settings are wrong or it can't be opened
   */
  public <T> T with(LoadedConfig loaded, Function<MetadataStore, T> work) {
    return with(loaded, loaded.config().store().component(), work);
  }

  /** Does the same with another store in the place of the configuration's own. */
  <T> T with(
      LoadedConfig loaded, EkmServerConfig.Component component, Function<MetadataStore, T> work) {
    ExecutorService executor = ServerAssembly.daemons();
    ComponentFactory factory =
        new ComponentFactory(loader, loaded.secrets(), executor, new SecureRandom());
    try {
      Optional<MetadataStore> store =
          factory.make(
              "store", component, MetadataStoreProvider.class, MetadataStoreProvider::create);
      loaded.raise(factory.problems());
      return work.apply(store.orElseThrow());
    } finally {
      factory.discard();
      executor.shutdown();
    }
  }
}
