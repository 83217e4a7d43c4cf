// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.openekm.api.KeyState;
import org.openekm.core.backend.CanaryCheck;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.spi.store.KeyVersionRecord;

/** The key versions that are served now: what is blocked or out of use is left alone. */
final class VersionsInUse implements CanaryCheck.InUse {

  private final Supplier<CatalogSnapshot> catalog;

  VersionsInUse(Supplier<CatalogSnapshot> catalog) {
    this.catalog = catalog;
  }

  @Override
  public List<KeyVersionRecord> all() {
    List<KeyVersionRecord> inUse = new ArrayList<>();
    for (VaultEntry vault : catalog.get().vaults()) {
      for (KeyEntry key : vault.keys()) {
        if (isServed(vault, key)) {
          key.newestFirst().stream().filter(VersionsInUse::isActive).forEach(inUse::add);
        }
      }
    }
    return inUse;
  }

  @Override
  public boolean contains(KeyVersionRecord version) {
    CatalogSnapshot now = catalog.get();
    return now.findKey(version.key())
        .filter(key -> now.vault(key.record().vault()).filter(in -> isServed(in, key)).isPresent())
        .flatMap(key -> key.version(version.id()))
        .filter(VersionsInUse::isActive)
        .isPresent();
  }

  private static boolean isServed(VaultEntry vault, KeyEntry key) {
    return !vault.record().blocked()
        && !key.record().blocked()
        && key.record().state() == KeyState.ACTIVE;
  }

  private static boolean isActive(KeyVersionRecord version) {
    return version.state() == KeyState.ACTIVE;
  }
}
