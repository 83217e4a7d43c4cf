// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openekm.api.Bytes;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.spi.store.AdministratorId;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.AdministratorRecord.Credential;
import org.openekm.spi.store.AdministratorRecord.Grant;
import org.openekm.spi.store.AdministratorRecord.Permission;
import org.openekm.spi.store.AdministratorRecord.Proof;
import org.openekm.spi.store.MetadataChange;

/**
 * Adds, shows, grants to and removes administrators. All of it takes the verb for all vaults, and
 * nobody can give what they don't have, or touch somebody who may do more than they: otherwise the
 * right to add or to rotate would be the right to everything.
 *
 * <p>Thread-safe. Every method throws {@link AdminException}: FORBIDDEN, NOT_FOUND, INVALID with
 * every problem, CONFLICT, or UNAVAILABLE, whose message says whether the change is in force.
 */
public final class AdministratorAdmin {

  private static final Duration MAX_OVERLAP = Duration.ofDays(30);
  private static final int FINGERPRINT_BYTES = 32;

  /** Names that the audit uses for others. */
  private static final Set<String> RESERVED = Set.of("root", "server");

  private final AdminEnvironment environment;
  private final AdminDesk desk;

  AdministratorAdmin(AdminEnvironment environment) {
    this.environment = environment;
    this.desk = new AdminDesk(environment);
  }

  AdministratorAdmin under(ChangeGuard guard) {
    return new AdministratorAdmin(environment.under(guard));
  }

  /** Adds an administrator, and makes their credential unless they have a certificate. */
  public IssuedCredential add(AdminContext context, NewAdministrator input) {
    Act act = new Act("admin.add", AdminVerb.CREATE);
    return desk.grant(
        context,
        act,
        () -> {
          AdministratorId id = new AdministratorId(Ids.next(environment.random()));
          Fresh fresh = fresh(input.certificate());
          act.detail("administrator", id.toString());
          CatalogSnapshot after =
              desk.commit(
                  act,
                  now -> {
                    act.everything(now);
                    check(now, input);
                    act.detail("name", input.name());
                    Set<Grant> grants = grants(act, now, input.grants());
                    return List.of(
                        new MetadataChange.PutAdministrator(
                            new AdministratorRecord(
                                id,
                                input.name(),
                                List.of(fresh.credential()),
                                grants,
                                environment.clock().instant())));
                  });
          return fresh.issuedTo(after.administrator(id).orElseThrow());
        });
  }

  /** Returns all administrators by name. */
  public List<AdministratorRecord> list(AdminContext context) {
    Act act = new Act("admin.list", AdminVerb.VIEW);
    return desk.view(
        context,
        act,
        now -> {
          act.everything(now);
          return now.administrators().stream()
              .sorted(Comparator.comparing(AdministratorRecord::name))
              .toList();
        });
  }

  /** Returns an administrator. */
  public AdministratorRecord find(AdminContext context, String nameOrId) {
    Act act = new Act("admin.show", AdminVerb.VIEW);
    return desk.view(
        context, act, now -> Lookup.requiredAdministrator(allowed(act, now), nameOrId));
  }

  /** Grants more. Whatever they had stays. */
  public AdministratorRecord grant(AdminContext context, String nameOrId, Set<NewGrant> more) {
    Act act = new Act("admin.grant", AdminVerb.UPDATE);
    return desk.grant(
        context,
        act,
        () ->
            changed(
                act,
                nameOrId,
                now -> {
                  Set<Grant> given = grants(act, now, more);
                  return each -> {
                    Set<Grant> all = new HashSet<>(each.grants());
                    all.addAll(given);
                    return each.withGrants(all);
                  };
                }));
  }

  /**
   * Takes grants away; once this returns, nothing is done on their strength any more. A permission
   * for one vault can't be taken out of the same permission for all.
   */
  public AdministratorRecord revoke(AdminContext context, String nameOrId, Set<NewGrant> less) {
    Act act = new Act("admin.revoke", AdminVerb.UPDATE);
    return desk.revoke(
        context,
        act,
        () ->
            changed(
                act,
                nameOrId,
                now -> {
                  Set<Grant> taken = resolved(now, less);
                  return each -> without(each, taken);
                }));
  }

  /**
   * Gives a new credential. Those of the same sort end after the overlap, at once if it is zero.
   *
   * @param certificate the fingerprint of the new certificate; absent for a bearer credential
   * @param overlap zero to 30 days
   */
  public IssuedCredential rotate(
      AdminContext context, String nameOrId, Optional<Bytes> certificate, Duration overlap) {
    Act act = new Act("admin.rotate", AdminVerb.ROTATE);
    return desk.replace(
        context,
        act,
        () -> {
          Fresh fresh = fresh(certificate);
          AdministratorRecord after =
              changed(
                  act,
                  nameOrId,
                  now -> {
                    Problems problems = new Problems();
                    certificate.ifPresent(print -> fingerprint(problems, now, print));
                    problems
                        .require(
                            !overlap.isNegative() && overlap.compareTo(MAX_OVERLAP) <= 0,
                            "overlap",
                            "must be from 0 to 30 days",
                            "1h leaves time to hand the new one over; 0s ends the old one at once")
                        .throwIfAny();
                    return each ->
                        each.withCredentials(rotated(each.credentials(), fresh, overlap));
                  });
          act.detail("overlap", overlap.toString());
          return fresh.issuedTo(after);
        });
  }

  /** Removes an administrator; once this returns, no credential of theirs works any more. */
  public void remove(AdminContext context, String nameOrId) {
    Act act = new Act("admin.remove", AdminVerb.DELETE);
    desk.revoke(
        context,
        act,
        () ->
            desk.commit(
                act,
                now ->
                    List.of(
                        new MetadataChange.RemoveAdministrator(target(act, now, nameOrId).id()))));
  }

  private AdministratorRecord changed(
      Act act,
      String nameOrId,
      Function<CatalogSnapshot, Function<AdministratorRecord, AdministratorRecord>> change) {
    CatalogSnapshot after =
        desk.commit(
            act,
            now -> {
              AdministratorRecord before = target(act, now, nameOrId);
              AdministratorRecord next = change.apply(now).apply(before);
              return next.equals(before)
                  ? List.of()
                  : List.of(new MetadataChange.PutAdministrator(next));
            });
    return Lookup.requiredAdministrator(after, nameOrId);
  }

  private static CatalogSnapshot allowed(Act act, CatalogSnapshot now) {
    act.everything(now);
    return now;
  }

  /** Finds whom a change is about, who must not be able to do more than whoever changes them. */
  private static AdministratorRecord target(Act act, CatalogSnapshot now, String nameOrId) {
    AdministratorRecord target = Lookup.requiredAdministrator(allowed(act, now), nameOrId);
    act.detail("administrator", target.id().toString()).detail("name", target.name());
    requireAll(act, now, target.grants());
    return target;
  }

  private static Set<Grant> grants(Act act, CatalogSnapshot now, Set<NewGrant> wanted) {
    Set<Grant> grants = resolved(now, wanted);
    requireAll(act, now, grants);
    act.detail("grants", shown(grants));
    return grants;
  }

  private static void requireAll(Act act, CatalogSnapshot now, Set<Grant> grants) {
    Optional<Permission> missing = act.rights(now).missing(grants);
    if (missing.isPresent()) {
      throw act.refusal(AdminVerb.of(missing.get()));
    }
  }

  private static Set<Grant> resolved(CatalogSnapshot now, Set<NewGrant> wanted) {
    return wanted.stream()
        .map(
            grant ->
                new Grant(
                    grant.permission(),
                    grant.vault().map(vault -> Lookup.requiredVault(now, vault).record().id())))
        .collect(Collectors.toSet());
  }

  private static AdministratorRecord without(AdministratorRecord each, Set<Grant> taken) {
    for (Grant grant : taken) {
      if (!each.grants().contains(grant)) {
        throw AdminException.of(
            Kind.CONFLICT,
            "administrator "
                + each.name()
                + " has no grant "
                + shown(Set.of(grant))
                + "; see admin show "
                + each.name());
      }
    }
    Set<Grant> left = new HashSet<>(each.grants());
    left.removeAll(taken);
    return each.withGrants(left);
  }

  /** Writes grants as {@code block@VAULT,view}. */
  private static String shown(Set<Grant> grants) {
    return grants.stream()
        .map(
            grant ->
                grant.permission().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-')
                    + grant.vault().map(vault -> "@" + vault).orElse(""))
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static void check(CatalogSnapshot now, NewAdministrator input) {
    Problems problems = new Problems();
    problems.name("name", input.name());
    problems.require(
        !RESERVED.contains(input.name()),
        "name",
        "is what the audit calls somebody else",
        "choose another name");
    input.certificate().ifPresent(print -> fingerprint(problems, now, print));
    problems.throwIfAny();
    if (Lookup.administrator(now, input.name()).isPresent()) {
      throw AdminException.of(
          Kind.CONFLICT, "an administrator of this name exists; choose another name");
    }
  }

  private static void fingerprint(Problems problems, CatalogSnapshot now, Bytes print) {
    problems.require(
        print.length() == FINGERPRINT_BYTES,
        "certificate",
        "must have a fingerprint of 32 bytes",
        "give the certificate itself");
    problems.require(
        now.administrators().stream()
            .flatMap(each -> each.credentials().stream())
            .noneMatch(each -> each.proof() == Proof.CERTIFICATE && same(each.hash(), print)),
        "certificate",
        "has a key that an administrator has already",
        "make a new key for each administrator");
  }

  private static boolean same(Bytes one, Bytes other) {
    return MessageDigest.isEqual(one.toByteArray(), other.toByteArray());
  }

  /** A credential to be stored, with what only its holder gets. */
  private record Fresh(Credential credential, Optional<org.openekm.api.SecretBytes> text) {

    IssuedCredential issuedTo(AdministratorRecord administrator) {
      return new IssuedCredential(administrator, text);
    }
  }

  private Fresh fresh(Optional<Bytes> certificate) {
    Instant now = environment.clock().instant();
    if (certificate.isPresent()) {
      return new Fresh(
          new Credential(
              Ids.next(environment.random()),
              Proof.CERTIFICATE,
              Bytes.empty(),
              certificate.get(),
              now,
              Optional.empty()),
          Optional.empty());
    }
    BearerCredentials.Fresh made = BearerCredentials.make(environment.random(), now);
    return new Fresh(made.stored(), Optional.of(made.text()));
  }

  private List<Credential> rotated(List<Credential> before, Fresh fresh, Duration overlap) {
    Instant now = environment.clock().instant();
    List<Credential> after = new ArrayList<>();
    for (Credential each : before) {
      boolean replaced = each.proof() == fresh.credential().proof();
      Credential kept = replaced ? each.endingAt(now.plus(overlap)) : each;
      if (kept.validAt(now)) {
        after.add(kept);
      }
    }
    after.add(fresh.credential());
    return after;
  }
}
