// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import org.openekm.api.KeyMetadata;
import org.openekm.api.KeyVersionId;
import org.openekm.api.KeyVersionMetadata;
import org.openekm.api.VaultMetadata;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.ServingRules;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.VaultRecord;

/** What OCI may know of the catalog's entries. */
final class Metadata {

  private Metadata() {}

  static VaultMetadata of(VaultEntry entry) {
    VaultRecord vault = entry.record();
    return new VaultMetadata(vault.id(), vault.name(), vault.createdAt());
  }

  static KeyMetadata of(KeyEntry entry) {
    KeyRecord key = entry.record();
    return new KeyMetadata(
        key.vault(),
        key.id(),
        key.name(),
        key.state(),
        key.lengthBytes(),
        key.currentVersion(),
        key.createdAt());
  }

  static KeyVersionMetadata of(KeyEntry entry, KeyVersionId asked) {
    KeyVersionRecord version = ServingRules.version(entry, asked);
    boolean current = version.id().equals(entry.record().currentVersion());
    return new KeyVersionMetadata(
        of(entry), version.id(), version.state(), current, version.createdAt());
  }
}
