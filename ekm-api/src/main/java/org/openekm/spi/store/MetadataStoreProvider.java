// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import org.openekm.spi.ComponentContext;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.NamedProvider;

/** Makes the metadata stores of one kind. */
public interface MetadataStoreProvider extends NamedProvider {

  /**
   * Opens a store, brings its tables up to date if it has any.
   *
   * @throws InvalidConfigurationException with everything that is wrong in the settings
   * @throws StoreException if it can't be opened, for one because another process holds it
   */
  MetadataStore create(ComponentContext context);
}
