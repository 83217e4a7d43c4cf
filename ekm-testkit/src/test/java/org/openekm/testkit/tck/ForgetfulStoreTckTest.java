// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import org.openekm.spi.store.MetadataStore;
import org.openekm.testkit.fake.FaultyMetadataStore;

/**
 * A store that keeps nothing after close; also shows that a faulty store without faults is a right
 * one.
 */
class ForgetfulStoreTckTest extends MetadataStoreTck {

  @Override
  protected MetadataStore createStore() {
    return new FaultyMetadataStore(new InMemoryStore(new InMemoryStore.Disk(), true));
  }
}
