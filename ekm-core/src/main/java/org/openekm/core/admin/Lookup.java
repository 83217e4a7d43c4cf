// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.spi.store.AdministratorId;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;

/** Finds records by name or id. */
final class Lookup {

  private Lookup() {}

  static Optional<IssuerRecord> issuer(CatalogSnapshot snapshot, String nameOrId) {
    Optional<UUID> id = Problems.uuid(nameOrId);
    return id.isPresent()
        ? snapshot.issuer(new IssuerId(id.get()))
        : named(snapshot.issuers(), IssuerRecord::name, nameOrId);
  }

  static Optional<TenancyRecord> tenancy(CatalogSnapshot snapshot, String nameOrId) {
    Optional<UUID> id = Problems.uuid(nameOrId);
    return id.isPresent()
        ? snapshot.tenancy(new TenancyId(id.get()))
        : named(snapshot.tenancies(), TenancyRecord::name, nameOrId);
  }

  static Optional<VaultEntry> vault(CatalogSnapshot snapshot, String nameOrId) {
    Optional<UUID> id = Problems.uuid(nameOrId);
    return id.isPresent()
        ? snapshot.vault(new VaultId(id.get()))
        : named(snapshot.vaults(), vault -> vault.record().name(), nameOrId);
  }

  /**
   * Finds a key by id, or by {@code vault/name}; destroyed keys are found by id only, as their
   * names are free again.
   */
  static Optional<KeyEntry> key(CatalogSnapshot snapshot, String idOrPath) {
    Optional<UUID> id = Problems.uuid(idOrPath);
    if (id.isPresent()) {
      return snapshot.findKey(new KeyId(id.get()));
    }
    int slash = idOrPath.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    return vault(snapshot, idOrPath.substring(0, slash))
        .flatMap(vault -> vault.keyNamed(idOrPath.substring(slash + 1)));
  }

  static Optional<AdministratorRecord> administrator(CatalogSnapshot snapshot, String nameOrId) {
    Optional<UUID> id = Problems.uuid(nameOrId);
    return id.isPresent()
        ? snapshot.administrator(new AdministratorId(id.get()))
        : named(snapshot.administrators(), AdministratorRecord::name, nameOrId);
  }

  static AdministratorRecord requiredAdministrator(CatalogSnapshot snapshot, String nameOrId) {
    return administrator(snapshot, nameOrId)
        .orElseThrow(() -> missing("administrator", "admin list"));
  }

  static IssuerRecord requiredIssuer(CatalogSnapshot snapshot, String nameOrId) {
    return issuer(snapshot, nameOrId).orElseThrow(() -> missing("issuer", "issuer list"));
  }

  static TenancyRecord requiredTenancy(CatalogSnapshot snapshot, String nameOrId) {
    return tenancy(snapshot, nameOrId).orElseThrow(() -> missing("tenancy", "tenancy list"));
  }

  static VaultEntry requiredVault(CatalogSnapshot snapshot, String nameOrId) {
    return vault(snapshot, nameOrId).orElseThrow(() -> missing("vault", "vault list"));
  }

  static KeyEntry requiredKey(CatalogSnapshot snapshot, String idOrPath) {
    return key(snapshot, idOrPath)
        .orElseThrow(() -> missing("key", "key list; name it by its id or as VAULT/NAME"));
  }

  /** Finds a version by id or number. */
  static KeyVersionRecord requiredVersion(KeyEntry key, String idOrNumber) {
    Optional<UUID> id = Problems.uuid(idOrNumber);
    return key.newestFirst().stream()
        .filter(
            version ->
                id.isPresent()
                    ? version.id().equals(new KeyVersionId(id.get()))
                    : Integer.toString(version.number()).equals(idOrNumber))
        .findFirst()
        .orElseThrow(
            () -> missing("version of this key", "key versions; name it by its id or number"));
  }

  /**
   * Finds the vault that an act is about, if the administrator may do it there.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN
   */
  static VaultEntry vaultOf(Act act, CatalogSnapshot snapshot, String nameOrId) {
    VaultEntry vault = requiredVault(snapshot, nameOrId);
    act.vault(snapshot, vault.record().id());
    return vault;
  }

  /**
   * Finds the key that an act is about, if the administrator may do it in its vault. The vault is
   * asked first: who may do it there is told that a key is missing.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN
   */
  static KeyEntry keyOf(Act act, CatalogSnapshot snapshot, String idOrPath) {
    int slash = idOrPath.indexOf('/');
    if (slash >= 0) {
      vault(snapshot, idOrPath.substring(0, slash))
          .ifPresent(vault -> act.vault(snapshot, vault.record().id()));
    }
    KeyEntry key = requiredKey(snapshot, idOrPath);
    act.vault(snapshot, key.record().vault()).key(key.record().id());
    return key;
  }

  private static AdminException missing(String what, String list) {
    return AdminException.of(Kind.NOT_FOUND, "there is no such " + what + "; see " + list);
  }

  private static <T> Optional<T> named(Collection<T> all, Function<T, String> name, String wanted) {
    return all.stream().filter(one -> name.apply(one).equals(wanted)).findFirst();
  }
}
