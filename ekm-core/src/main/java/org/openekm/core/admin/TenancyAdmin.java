// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.Comparator;
import java.util.List;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;

/** Adds, shows and removes OCI tenancies. Thread-safe. */
public final class TenancyAdmin {

  private final AdminEnvironment environment;
  private final AdminDesk desk;

  TenancyAdmin(AdminEnvironment environment) {
    this.environment = environment;
    this.desk = new AdminDesk(environment);
  }

  TenancyAdmin under(ChangeGuard guard) {
    return new TenancyAdmin(environment.under(guard));
  }

  /**
   * Adds a tenancy.
   *
   * @param ocid its OCID, such as {@code ocid1.tenancy.oc1..aaaa}
   * @throws AdminException INVALID with every problem, CONFLICT if name or OCID is taken,
   *     UNAVAILABLE
   */
  public TenancyRecord create(AdminContext context, String name, String ocid) {
    Act act = new Act("tenancy.create", AdminVerb.CREATE);
    return desk.grant(
        context,
        act,
        () -> {
          InputRules.checkTenancy(name, ocid).throwIfAny();
          TenancyRecord tenancy =
              new TenancyRecord(
                  new TenancyId(Ids.next(environment.random())),
                  name,
                  ocid,
                  environment.clock().instant());
          act.detail("tenancy", tenancy.id().toString()).detail("name", name);
          desk.commit(
              act,
              now -> {
                act.everything(now);
                if (now.tenancies().stream()
                    .anyMatch(t -> t.name().equals(name) || t.ocid().equals(ocid))) {
                  throw AdminException.of(
                      Kind.CONFLICT, "a tenancy of this name or OCID exists; see tenancy list");
                }
                return List.of(new MetadataChange.PutTenancy(tenancy));
              });
          return tenancy;
        });
  }

  /**
   * Returns the tenancies by name: all of them, or those of the vaults that the administrator may
   * view.
   *
   * @throws AdminException FORBIDDEN, UNAVAILABLE
   */
  public List<TenancyRecord> list(AdminContext context) {
    Act act = new Act("tenancy.list", AdminVerb.VIEW);
    return desk.view(
        context,
        act,
        now -> {
          act.somewhere(now);
          return now.tenancies().stream()
              .filter(tenancy -> mayView(act, now, tenancy))
              .sorted(Comparator.comparing(TenancyRecord::name))
              .toList();
        });
  }

  /**
   * Returns a tenancy.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, UNAVAILABLE
   */
  public TenancyRecord find(AdminContext context, String nameOrId) {
    Act act = new Act("tenancy.show", AdminVerb.VIEW);
    return desk.view(
        context,
        act,
        now -> {
          TenancyRecord tenancy = Lookup.requiredTenancy(now, nameOrId);
          if (!mayView(act, now, tenancy)) {
            throw act.refusal();
          }
          act.somewhere(now);
          return tenancy;
        });
  }

  private static boolean mayView(Act act, CatalogSnapshot now, TenancyRecord tenancy) {
    return act.coversEverything(now)
        || now.vaults().stream()
            .anyMatch(
                vault ->
                    vault.record().tenancy().equals(tenancy.id())
                        && act.covers(now, vault.record().id()));
  }

  /**
   * Removes a tenancy that owns no vault.
   *
   * @throws AdminException NOT_FOUND, CONFLICT if it owns a vault, UNAVAILABLE
   */
  public void delete(AdminContext context, String nameOrId) {
    Act act = new Act("tenancy.delete", AdminVerb.DELETE);
    desk.revoke(
        context,
        act,
        () ->
            desk.commit(
                act,
                now -> {
                  act.everything(now);
                  TenancyRecord tenancy = Lookup.requiredTenancy(now, nameOrId);
                  act.detail("tenancy", tenancy.id().toString());
                  if (now.vaults().stream()
                      .anyMatch(v -> v.record().tenancy().equals(tenancy.id()))) {
                    throw AdminException.of(
                        Kind.CONFLICT, "the tenancy owns a vault; delete the vault first");
                  }
                  return List.of(new MetadataChange.RemoveTenancy(tenancy.id()));
                }));
  }
}
