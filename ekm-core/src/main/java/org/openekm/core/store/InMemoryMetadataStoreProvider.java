// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.store;

import org.openekm.spi.ComponentContext;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.MetadataStoreProvider;

/**
 * Makes metadata stores that live in memory and forget everything at the end of the process; takes
 * no settings.
 */
public final class InMemoryMetadataStoreProvider implements MetadataStoreProvider {

  /** Made by {@link java.util.ServiceLoader} or an embedder. */
  public InMemoryMetadataStoreProvider() {}

  /** Returns {@code memory}. */
  @Override
  public String name() {
    return "memory";
  }

  /** Returns an empty store. */
  @Override
  public MetadataStore create(ComponentContext context) {
    context.settings().finish();
    return new InMemoryMetadataStore();
  }
}
