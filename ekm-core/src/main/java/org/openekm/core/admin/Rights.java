// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.openekm.api.VaultId;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.AdministratorRecord.Grant;
import org.openekm.spi.store.AdministratorRecord.Permission;

/** What an identity may do by the records of one snapshot. Whatever is not granted is refused. */
final class Rights {

  private final CatalogSnapshot now;
  private final AdminIdentity who;

  Rights(CatalogSnapshot now, AdminIdentity who) {
    this.now = now;
    this.who = who;
  }

  /** Returns true if any of the permissions holds for all vaults and what stands above them. */
  boolean everywhere(Set<Permission> anyOf) {
    return any(grant -> grant.vault().isEmpty() && anyOf.contains(grant.permission()));
  }

  /** Returns true if any of the permissions holds for the vault. */
  boolean on(Set<Permission> anyOf, VaultId vault) {
    return any(grant -> reaches(grant, vault) && anyOf.contains(grant.permission()));
  }

  /** Returns true if any of the permissions holds for anything at all. */
  boolean somewhere(Set<Permission> anyOf) {
    return any(grant -> anyOf.contains(grant.permission()));
  }

  /** Returns something of the grants that this identity does not hold itself. */
  Optional<Permission> missing(Set<Grant> wanted) {
    return wanted.stream()
        .filter(grant -> !any(own -> includes(own, grant)))
        .map(Grant::permission)
        .sorted()
        .findFirst();
  }

  private boolean any(Predicate<Grant> wanted) {
    if (who instanceof AdminIdentity.Root) {
      return true;
    }
    return record().map(own -> own.grants().stream().anyMatch(wanted)).orElse(false);
  }

  private Optional<AdministratorRecord> record() {
    if (who instanceof AdminIdentity.Administrator named) {
      return now.administrator(named.id())
          .filter(
              own ->
                  own.credentials().stream().anyMatch(one -> one.id().equals(named.credential())));
    }
    return Optional.empty();
  }

  private static boolean reaches(Grant grant, VaultId vault) {
    return grant.vault().map(vault::equals).orElse(true);
  }

  private static boolean includes(Grant own, Grant wanted) {
    boolean sort =
        own.permission() == wanted.permission()
            || (own.permission() == Permission.BLOCK
                && wanted.permission() == Permission.BLOCK_ONLY);
    return sort && (own.vault().isEmpty() || own.vault().equals(wanted.vault()));
  }
}
