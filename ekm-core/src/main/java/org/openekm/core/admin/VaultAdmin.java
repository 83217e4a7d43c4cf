// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.openekm.api.KeyState;
import org.openekm.api.VaultId;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/** Adds, shows, blocks and removes vaults. Thread-safe. */
public final class VaultAdmin {

  private static final String DEFAULT_SCOPE = "oci_ekms";

  private final AdminEnvironment environment;
  private final AdminDesk desk;

  VaultAdmin(AdminEnvironment environment) {
    this.environment = environment;
    this.desk = new AdminDesk(environment);
  }

  VaultAdmin under(ChangeGuard guard) {
    return new VaultAdmin(environment.under(guard));
  }

  /**
   * Adds a vault.
   *
   * @throws AdminException INVALID with every problem, CONFLICT if the name is taken, UNAVAILABLE
   */
  public VaultRecord create(AdminContext context, NewVault input) {
    Act act = new Act("vault.create");
    VaultId id = new VaultId(Ids.next(environment.random()));
    return desk.grant(
        context,
        act,
        () -> {
          CatalogSnapshot after =
              desk.commit(
                  now -> {
                    VaultRecord vault = checked(now, id, input);
                    act.vault(id).detail("name", vault.name());
                    if (Lookup.vault(now, vault.name()).isPresent()) {
                      throw AdminException.of(
                          Kind.CONFLICT, "a vault of this name exists; choose another name");
                    }
                    return List.of(new MetadataChange.PutVault(vault));
                  });
          return after.vault(id).orElseThrow().record();
        });
  }

  /** Returns all vaults by name. */
  public List<VaultRecord> list() {
    return desk.read().vaults().stream()
        .map(VaultEntry::record)
        .sorted(Comparator.comparing(VaultRecord::name))
        .toList();
  }

  /**
   * Returns a vault.
   *
   * @throws AdminException NOT_FOUND, UNAVAILABLE
   */
  public VaultRecord find(String nameOrId) {
    return Lookup.requiredVault(desk.read(), nameOrId).record();
  }

  /**
   * Removes a vault all of whose keys are destroyed, and the records of those keys.
   *
   * @throws AdminException NOT_FOUND, CONFLICT if a key or its material still exists, UNAVAILABLE
   */
  public void delete(AdminContext context, String nameOrId) {
    Act act = new Act("vault.delete");
    desk.revoke(
        context,
        act,
        () ->
            desk.commit(
                now -> {
                  VaultEntry vault = Lookup.requiredVault(now, nameOrId);
                  act.vault(vault.record().id());
                  List<MetadataChange> changes = new ArrayList<>();
                  vault.keys().forEach(key -> changes.addAll(removal(key)));
                  changes.add(new MetadataChange.RemoveVault(vault.record().id()));
                  return changes;
                }));
  }

  /**
   * Stops everything that the vault serves, at once; no request succeeds after this has returned.
   * May be repeated.
   *
   * @throws AdminException NOT_FOUND, UNAVAILABLE
   */
  public VaultRecord block(AdminContext context, String nameOrId) {
    Act act = new Act("vault.block");
    return desk.revoke(
        context, act, () -> changed(act, nameOrId, vault -> vault.withBlocked(true)));
  }

  /**
   * Lets the vault serve again. May be repeated.
   *
   * @throws AdminException NOT_FOUND, UNAVAILABLE
   */
  public VaultRecord unblock(AdminContext context, String nameOrId) {
    Act act = new Act("vault.unblock");
    return desk.grant(
        context, act, () -> changed(act, nameOrId, vault -> vault.withBlocked(false)));
  }

  /**
   * Replaces the vault's policy; no request succeeds by the old one after this has returned.
   *
   * @throws AdminException NOT_FOUND, INVALID with every problem of the policy, UNAVAILABLE
   */
  public VaultRecord setPolicy(AdminContext context, String nameOrId, String policy) {
    Act act = new Act("vault.set-policy");
    return desk.replace(
        context,
        act,
        () -> {
          Problems problems = new Problems();
          problems.policy(environment.policies(), Optional.of(policy));
          problems.throwIfAny();
          return changed(act, nameOrId, vault -> vault.withPolicy(policy));
        });
  }

  private VaultRecord changed(Act act, String nameOrId, Function<VaultRecord, VaultRecord> change) {
    CatalogSnapshot after =
        desk.commit(
            now -> {
              VaultRecord vault = Lookup.requiredVault(now, nameOrId).record();
              act.vault(vault.id());
              VaultRecord next = change.apply(vault);
              return next.equals(vault) ? List.of() : List.of(new MetadataChange.PutVault(next));
            });
    return Lookup.requiredVault(after, nameOrId).record();
  }

  private static List<MetadataChange> removal(KeyEntry key) {
    boolean gone =
        key.record().state() == KeyState.DESTROYED
            && key.newestFirst().stream()
                .allMatch(version -> version.state() == KeyState.DESTROYED);
    if (!gone) {
      throw AdminException.of(
          Kind.CONFLICT, "the vault still has key " + key.record().id() + "; destroy it first");
    }
    List<MetadataChange> changes = new ArrayList<>();
    key.newestFirst()
        .forEach(version -> changes.add(new MetadataChange.RemoveKeyVersion(version.id())));
    changes.add(new MetadataChange.RemoveKey(key.record().id()));
    return changes;
  }

  private VaultRecord checked(CatalogSnapshot now, VaultId id, NewVault input) {
    Problems problems = InputRules.check(input, environment.policies());
    Optional<TenancyRecord> tenancy = Lookup.tenancy(now, input.tenancy());
    problems.require(
        tenancy.isPresent(), "tenancy", "does not exist", "see tenancy list, or create it first");
    Optional<IssuerRecord> issuer = Lookup.issuer(now, input.access().issuer());
    problems.require(
        issuer.isPresent(), "issuer", "does not exist", "see issuer list, or create it first");
    problems.require(
        environment.backends().names().contains(input.backend()),
        "backend",
        "is not configured on this server",
        "use one of " + String.join(", ", environment.backends().names()));
    String policy = input.policy().orElseGet(RulePolicyEngine::allowAll);
    if (input.policy().isEmpty()) {
      problems.policy(environment.policies(), Optional.of(policy));
    }
    problems.throwIfAny();
    Set<String> audiences = input.access().audiences();
    Set<String> scopes = input.access().scopes();
    return new VaultRecord(
        id,
        input.name(),
        tenancy.orElseThrow().id(),
        new VaultRecord.Access(
            issuer.orElseThrow().id(),
            input.access().clientId(),
            audiences.isEmpty() ? Set.of(input.endpoint().origin()) : audiences,
            scopes.isEmpty() ? Set.of(DEFAULT_SCOPE) : scopes),
        input.endpoint(),
        input.backend(),
        Optional.of(policy),
        false,
        input.auditSuccess(),
        environment.clock().instant());
  }
}
