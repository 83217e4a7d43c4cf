// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.samples;

import org.openekm.spi.store.MetadataStore;
import org.openekm.testkit.tck.MetadataStoreTck;

final class AcmeMetadataStoreTest extends MetadataStoreTck {

  @Override
  protected MetadataStore createStore() {
    return new AcmeMetadataStore();
  }
}
