// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.openekm.spi.store.MetadataStore;
import org.openekm.testkit.tck.MetadataStoreTck;

class PostgresMetadataStoreTest {

  private final String url = Databases.fresh();

  private MetadataStore open() {
    return PostgresMetadataStoreProvider.open(Databases.source(url), 4);
  }

  @Nested
  class Contract extends MetadataStoreTck {

    @Override
    protected MetadataStore createStore() {
      return open();
    }

    @Override
    protected Optional<MetadataStore> openAgain() {
      return Optional.of(open());
    }
  }
}
