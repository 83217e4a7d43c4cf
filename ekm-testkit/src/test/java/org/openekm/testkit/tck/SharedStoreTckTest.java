// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.Optional;
import org.openekm.spi.store.MetadataStore;

class SharedStoreTckTest extends MetadataStoreTck {

  private final InMemoryStore.Disk disk = new InMemoryStore.Disk();

  @Override
  protected MetadataStore createStore() {
    return new InMemoryStore(disk, false);
  }

  @Override
  protected Optional<MetadataStore> openAgain() {
    return Optional.of(new InMemoryStore(disk, false));
  }
}
