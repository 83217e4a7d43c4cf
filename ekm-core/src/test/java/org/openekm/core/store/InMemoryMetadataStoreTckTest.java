// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.store;

import org.openekm.spi.store.MetadataStore;
import org.openekm.testkit.tck.MetadataStoreTck;

final class InMemoryMetadataStoreTckTest extends MetadataStoreTck {

  @Override
  protected MetadataStore createStore() {
    return new InMemoryMetadataStore();
  }
}
