// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.spi.SecretReference;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.MetadataChange;

/** Adds, shows and removes the identity domains whose tokens are believed. Thread-safe. */
public final class IssuerAdmin {

  private final AdminEnvironment environment;
  private final AdminDesk desk;

  IssuerAdmin(AdminEnvironment environment) {
    this.environment = environment;
    this.desk = new AdminDesk(environment);
  }

  IssuerAdmin under(ChangeGuard guard) {
    return new IssuerAdmin(environment.under(guard));
  }

  /**
   * Adds an issuer.
   *
   * @throws AdminException INVALID with every problem, CONFLICT if the name is taken, UNAVAILABLE
   */
  public IssuerRecord create(AdminContext context, NewIssuer input) {
    Act act = new Act("issuer.create", AdminVerb.CREATE);
    return desk.grant(
        context,
        act,
        () -> {
          IssuerRecord issuer = checked(input);
          act.detail("issuer", issuer.id().toString()).detail("name", issuer.name());
          desk.commit(
              act,
              now -> {
                act.everything(now);
                if (Lookup.issuer(now, issuer.name()).isPresent()) {
                  throw AdminException.of(
                      Kind.CONFLICT, "an issuer of this name exists; choose another name");
                }
                return List.of(new MetadataChange.PutIssuer(issuer));
              });
          return issuer;
        });
  }

  /**
   * Returns the issuers by name: all of them, or those of the vaults that the administrator may
   * view.
   *
   * @throws AdminException FORBIDDEN, UNAVAILABLE
   */
  public List<IssuerRecord> list(AdminContext context) {
    Act act = new Act("issuer.list", AdminVerb.VIEW);
    return desk.view(
        context,
        act,
        now -> {
          act.somewhere(now);
          return now.issuers().stream()
              .filter(issuer -> mayView(act, now, issuer))
              .sorted(Comparator.comparing(IssuerRecord::name))
              .toList();
        });
  }

  /**
   * Returns an issuer.
   *
   * @throws AdminException NOT_FOUND, FORBIDDEN, UNAVAILABLE
   */
  public IssuerRecord find(AdminContext context, String nameOrId) {
    Act act = new Act("issuer.show", AdminVerb.VIEW);
    return desk.view(
        context,
        act,
        now -> {
          IssuerRecord issuer = Lookup.requiredIssuer(now, nameOrId);
          if (!mayView(act, now, issuer)) {
            throw act.refusal();
          }
          act.somewhere(now);
          return issuer;
        });
  }

  private static boolean mayView(Act act, CatalogSnapshot now, IssuerRecord issuer) {
    return act.coversEverything(now)
        || now.vaults().stream()
            .anyMatch(
                vault ->
                    vault.record().access().issuer().equals(issuer.id())
                        && act.covers(now, vault.record().id()));
  }

  /**
   * Removes an issuer that no vault uses.
   *
   * @throws AdminException NOT_FOUND, CONFLICT if a vault uses it, UNAVAILABLE
   */
  public void delete(AdminContext context, String nameOrId) {
    Act act = new Act("issuer.delete", AdminVerb.DELETE);
    desk.revoke(
        context,
        act,
        () ->
            desk.commit(
                act,
                now -> {
                  act.everything(now);
                  IssuerRecord issuer = Lookup.requiredIssuer(now, nameOrId);
                  act.detail("issuer", issuer.id().toString());
                  requireUnused(now, issuer.id());
                  return List.of(new MetadataChange.RemoveIssuer(issuer.id()));
                }));
  }

  private static void requireUnused(CatalogSnapshot now, IssuerId id) {
    if (now.vaults().stream().anyMatch(vault -> vault.record().access().issuer().equals(id))) {
      throw AdminException.of(Kind.CONFLICT, "a vault uses this issuer; delete the vault first");
    }
  }

  private IssuerRecord checked(NewIssuer input) {
    InputRules.check(input).throwIfAny();
    return new IssuerRecord(
        new IssuerId(Ids.next(environment.random())),
        input.name(),
        input.discoveryUrls().stream().map(URI::create).toList(),
        input.jwksUrls().stream().map(URI::create).toList(),
        input.acceptedIssuers(),
        input.jwksClient().map(IssuerAdmin::client),
        environment.clock().instant());
  }

  private static IssuerRecord.JwksClient client(NewIssuer.JwksClient given) {
    return new IssuerRecord.JwksClient(
        given.clientId(),
        SecretReference.parse(given.clientSecret()),
        given.tokenUrl().map(URI::create));
  }
}
