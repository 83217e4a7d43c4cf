// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.List;
import org.openekm.api.KeyState;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;

/** Shows single versions of keys, and takes them out of use and back. Thread-safe. */
final class KeyVersions {

  private final AdminDesk desk;

  KeyVersions(AdminDesk desk) {
    this.desk = desk;
  }

  KeyVersionDetails find(AdminContext context, String key, String version) {
    Act act = new Act("key.show-version", AdminVerb.VIEW);
    return desk.view(
        context,
        act,
        now -> {
          KeyEntry entry = Lookup.keyOf(act, now, key);
          return KeyVersionDetails.of(entry.record(), Lookup.requiredVersion(entry, version));
        });
  }

  KeyVersionDetails turned(Act act, String key, String version, KeyState wanted) {
    CatalogSnapshot after =
        desk.commit(
            act,
            now -> {
              KeyEntry entry = Lookup.keyOf(act, now, key);
              KeyVersionRecord present = Lookup.requiredVersion(entry, version);
              act.version(present.id());
              if (present.state() != KeyState.ACTIVE && present.state() != KeyState.DISABLED) {
                throw AdminException.of(
                    Kind.WRONG_STATE,
                    "key version " + present.id() + " is " + present.state() + " for good");
              }
              return present.state() == wanted
                  ? List.of()
                  : List.of(new MetadataChange.PutKeyVersion(present.withState(wanted)));
            });
    KeyEntry entry = Lookup.requiredKey(after, key);
    return KeyVersionDetails.of(entry.record(), Lookup.requiredVersion(entry, version));
  }
}
