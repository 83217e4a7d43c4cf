// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
    Problems problems = new Problems();
    problems.name("name", input.name());
    List<URI> discovery = urls(problems, "discoveryUrls", input.discoveryUrls());
    List<URI> jwks = urls(problems, "jwksUrls", input.jwksUrls());
    boolean discovers = !input.discoveryUrls().isEmpty();
    problems.require(
        discovers || !input.jwksUrls().isEmpty(),
        "discoveryUrls",
        "is missing, and so is jwksUrls",
        "give the identity domain's discovery URL");
    problems.require(
        discovers || !input.acceptedIssuers().isEmpty(),
        "acceptedIssuers",
        "is missing, and without discovery nothing else tells it",
        "give the values of iss to believe");
    input.acceptedIssuers().forEach(iss -> problems.tokenText("acceptedIssuers", iss));
    Optional<IssuerRecord.JwksClient> client =
        input.jwksClient().map(given -> client(problems, given));
    problems.throwIfAny();
    return new IssuerRecord(
        new IssuerId(Ids.next(environment.random())),
        input.name(),
        discovery,
        jwks,
        input.acceptedIssuers(),
        client,
        environment.clock().instant());
  }

  private static IssuerRecord.JwksClient client(Problems problems, NewIssuer.JwksClient given) {
    problems.tokenText("jwksClient.clientId", given.clientId());
    Optional<URI> tokenUrl =
        given.tokenUrl().flatMap(url -> problems.url("jwksClient.tokenUrl", url));
    SecretReference secret = new SecretReference("env", "missing");
    try {
      secret = SecretReference.parse(given.clientSecret());
    } catch (IllegalArgumentException e) {
      problems.add(
          "jwksClient.clientSecret",
          String.valueOf(e.getMessage()),
          "put the secret into a file on the server");
    }
    return new IssuerRecord.JwksClient(given.clientId(), secret, tokenUrl);
  }

  private static List<URI> urls(Problems problems, String field, List<String> texts) {
    List<URI> urls = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      problems.url(field + "[" + i + "]", texts.get(i)).ifPresent(urls::add);
    }
    return urls;
  }
}
