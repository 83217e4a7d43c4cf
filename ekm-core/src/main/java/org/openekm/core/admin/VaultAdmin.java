// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.openekm.api.KeyState;
import org.openekm.api.VaultId;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/** Adds, shows, blocks and removes vaults. Thread-safe. */
public final class VaultAdmin {

  private static final String DEFAULT_SCOPE = "oci_ekms";

  private final AdminEnvironment environment;
  private final AdminDesk desk;
  private final Linker linker;
  private final ApprovalDesk approvals;

  VaultAdmin(AdminEnvironment environment) {
    this.environment = environment;
    this.desk = new AdminDesk(environment);
    this.linker = new Linker(environment);
    this.approvals = new ApprovalDesk(environment);
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
    Act act = new Act("vault.create", AdminVerb.CREATE);
    VaultId id = new VaultId(Ids.next(environment.random()));
    return desk.grant(
        context,
        act,
        () -> {
          CatalogSnapshot after =
              desk.commit(
                  act,
                  now -> {
                    act.everything(now);
                    VaultRecord vault = checked(now, id, input);
                    act.newVault(id).detail("name", vault.name());
                    if (Lookup.vault(now, vault.name()).isPresent()) {
                      throw AdminException.of(
                          Kind.CONFLICT, "a vault of this name exists; choose another name");
                    }
                    return List.of(new MetadataChange.PutVault(vault));
                  });
          return after.vault(id).orElseThrow().record();
        });
  }

  /**
   * Returns the vaults that the administrator may view, by name.
   *
   * @throws AdminException FORBIDDEN, UNAVAILABLE
   */
  public List<VaultRecord> list(AdminContext context) {
    return list(context, Map.of());
  }

  /**
   * Returns the vaults with all these labels that the administrator may view, by name.
   *
   * @throws AdminException FORBIDDEN, UNAVAILABLE
   */
  public List<VaultRecord> list(AdminContext context, Map<String, String> labels) {
    Act act = new Act("vault.list", AdminVerb.VIEW);
    return desk.view(
        context,
        act,
        now -> {
          act.somewhere(now);
          return now.vaults().stream()
              .map(VaultEntry::record)
              .filter(vault -> act.covers(now, vault.id()))
              .filter(
                  vault -> vault.attributes().labels().entrySet().containsAll(labels.entrySet()))
              .sorted(Comparator.comparing(VaultRecord::name))
              .toList();
        });
  }

  /**
   * Returns a vault.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, UNAVAILABLE
   */
  public VaultRecord find(AdminContext context, String nameOrId) {
    Act act = new Act("vault.show", AdminVerb.VIEW);
    return desk.view(context, act, now -> Lookup.vaultOf(act, now, nameOrId).record());
  }

  /**
   * Removes a vault all of whose keys are destroyed, and the records of those keys.
   *
   * @param force true to do it although the vault is linked
   * @throws AdminException NOT_FOUND, FORBIDDEN, CONFLICT if a key or its material still exists, or
   *     if the vault is linked, UNAVAILABLE
   */
  public void delete(AdminContext context, String nameOrId, boolean force) {
    int unused = linker.writeNoted();
    Act act = new Act("vault.delete", AdminVerb.DELETE).detail("force", Boolean.toString(force));
    desk.revoke(
        context,
        act,
        () ->
            desk.commit(
                act,
                now -> {
                  VaultEntry vault = Lookup.vaultOf(act, now, nameOrId);
                  requireUnlinked(vault.record(), force);
                  List<MetadataChange> changes = new ArrayList<>();
                  vault.keys().forEach(key -> changes.addAll(removal(key)));
                  changes.add(new MetadataChange.RemoveVault(vault.record().id()));
                  return changes;
                }));
  }

  /**
   * Does the same unless the vault is linked.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, CONFLICT, UNAVAILABLE
   */
  public void delete(AdminContext context, String nameOrId) {
    delete(context, nameOrId, false);
  }

  /**
   * Stops everything that the vault serves, at once; no request succeeds after this has returned.
   * May be repeated.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, UNAVAILABLE
   */
  public VaultRecord block(AdminContext context, String nameOrId) {
    Act act = Act.blocking("vault.block");
    return desk.revoke(
        context, act, () -> changed(act, nameOrId, vault -> vault.withBlocked(true)));
  }

  /**
   * Lets the vault serve again; if it waits for signs of life, this is one. May be repeated.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, UNAVAILABLE
   */
  public VaultRecord unblock(AdminContext context, String nameOrId) {
    Act act = new Act("vault.unblock", AdminVerb.BLOCK);
    return desk.grant(
        context,
        act,
        () ->
            changed(
                act,
                nameOrId,
                vault -> unblocked(vault.record()),
                (now, vault) ->
                    approvals.spend(
                        now,
                        context,
                        act,
                        new ApprovalDesk.Subject(
                            ApprovedAction.UNBLOCK, vault.id(), Optional.empty()))));
  }

  /**
   * Replaces the vault's policy; no request succeeds by the old one after this has returned.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, INVALID with every problem of the policy,
   *     UNAVAILABLE
   */
  public VaultRecord setPolicy(AdminContext context, String nameOrId, String policy) {
    Act act = new Act("vault.set-policy", AdminVerb.UPDATE);
    return desk.replace(
        context,
        act,
        () ->
            changed(
                act,
                nameOrId,
                vault -> {
                  Problems problems = new Problems();
                  problems.policy(environment.policies(), Optional.of(policy));
                  problems.throwIfAny();
                  return vault.withPolicy(policy);
                }));
  }

  /**
   * Says whether successful calls go to the audit; failures always do. Once this has returned,
   * every later answer is recorded by it.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, UNAVAILABLE
   */
  public VaultRecord setAuditSuccess(AdminContext context, String nameOrId, boolean recorded) {
    Act act =
        new Act("vault.set-audit-success", AdminVerb.UPDATE)
            .detail("auditSuccess", Boolean.toString(recorded));
    return desk.replace(
        context, act, () -> changed(act, nameOrId, vault -> vault.withAuditSuccess(recorded)));
  }

  /**
   * Replaces all labels of the vault.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, INVALID with every problem, UNAVAILABLE
   */
  public VaultRecord setLabels(AdminContext context, String nameOrId, Map<String, String> labels) {
    Act act = new Act("vault.set-labels", AdminVerb.UPDATE);
    return desk.grant(
        context,
        act,
        () ->
            changed(
                act,
                nameOrId,
                vault -> {
                  Problems problems = new Problems();
                  problems.labels("labels", labels);
                  problems.throwIfAny();
                  return vault.withAttributes(vault.attributes().withLabels(labels));
                }));
  }

  /**
   * Has new keys and new versions of the vault made in another backend. What is there stays where
   * it is.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, INVALID if there is no such backend, WRONG_STATE
   *     if the vault is locked to its present one, UNAVAILABLE
   */
  public VaultRecord setBackend(AdminContext context, String nameOrId, String backend) {
    Act act = new Act("vault.set-backend", AdminVerb.UPDATE).detail("backend", backend);
    return desk.grant(
        context,
        act,
        () ->
            changed(
                act,
                nameOrId,
                vault -> {
                  Problems problems = new Problems();
                  checkBackend(problems, backend);
                  problems.throwIfAny();
                  return unlocked(vault, backend).withBackend(backend);
                }));
  }

  /**
   * Locks the vault to its present backend for good: its keys can never be made elsewhere. May be
   * repeated.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, CONFLICT if one of its keys lives in another
   *     backend, UNAVAILABLE
   */
  public VaultRecord lockBackend(AdminContext context, String nameOrId) {
    Act act = new Act("vault.lock-backend", AdminVerb.UPDATE);
    return desk.grant(
        context,
        act,
        () ->
            changedEntry(
                act,
                nameOrId,
                vault -> {
                  requireAllKeysInBackend(vault);
                  VaultRecord record = vault.record();
                  return record.withAttributes(record.attributes().withBackendLocked());
                }));
  }

  private VaultRecord unblocked(VaultRecord vault) {
    Instant now = environment.memory().time().steady();
    return vault.blocked() || vault.overdue(now)
        ? vault.withBlocked(false).withAttributes(vault.attributes().withHeartbeat(now))
        : vault;
  }

  private static VaultRecord unlocked(VaultRecord vault, String wanted) {
    if (vault.attributes().backendLocked() && !vault.backend().equals(wanted)) {
      throw AdminException.of(
          Kind.WRONG_STATE,
          "vault "
              + vault.id()
              + " is locked to backend "
              + vault.backend()
              + " for good; add another vault for keys elsewhere");
    }
    return vault;
  }

  private static void requireAllKeysInBackend(VaultEntry vault) {
    for (KeyEntry key : vault.keys()) {
      for (KeyVersionRecord version : key.newestFirst()) {
        if (version.state() != KeyState.DESTROYED
            && !version.backend().equals(vault.record().backend())) {
          throw AdminException.of(
              Kind.CONFLICT,
              "version "
                  + version.number()
                  + " of key "
                  + key.record().id()
                  + " lives in backend "
                  + version.backend()
                  + ", not in the vault's; destroy the key first, or don't lock the vault");
        }
      }
    }
  }

  private static void requireUnlinked(VaultRecord vault, boolean force) {
    Optional<Instant> linked = vault.attributes().linkedAt();
    if (linked.isPresent() && !force) {
      throw AdminException.of(
          Kind.CONFLICT,
          "vault "
              + vault.id()
              + " is linked: OCI has used it since "
              + linked.get()
              + "; delete the vault in OCI first, then repeat with --force (force=true)");
    }
  }

  private VaultRecord changed(Act act, String nameOrId, Function<VaultRecord, VaultRecord> change) {
    return changedEntry(act, nameOrId, vault -> change.apply(vault.record()));
  }

  private VaultRecord changedEntry(
      Act act, String nameOrId, Function<VaultEntry, VaultRecord> change) {
    return changed(act, nameOrId, change, (now, vault) -> List.of());
  }

  /** The conditions are looked at, and may add changes, only if there is something to change. */
  private VaultRecord changed(
      Act act,
      String nameOrId,
      Function<VaultEntry, VaultRecord> change,
      BiFunction<CatalogSnapshot, VaultRecord, List<MetadataChange>> conditions) {
    CatalogSnapshot after =
        desk.commit(
            act,
            now -> {
              VaultEntry vault = Lookup.vaultOf(act, now, nameOrId);
              VaultRecord next = change.apply(vault);
              if (next.equals(vault.record())) {
                return List.of();
              }
              List<MetadataChange> changes = new ArrayList<>(conditions.apply(now, vault.record()));
              changes.add(new MetadataChange.PutVault(next));
              return changes;
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
    checkBackend(problems, input.backend());
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
        environment.clock().instant(),
        new VaultRecord.Attributes(
            input.options().labels(),
            Optional.empty(),
            input.options().backendLocked(),
            Optional.empty()));
  }

  private void checkBackend(Problems problems, String backend) {
    problems.require(
        environment.backends().names().contains(backend),
        "backend",
        "is not configured on this server",
        "use one of " + String.join(", ", environment.backends().names()));
  }
}
