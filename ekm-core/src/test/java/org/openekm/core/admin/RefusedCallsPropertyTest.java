// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.RequestId;
import org.openekm.api.SecretBytes;
import org.openekm.api.VaultId;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.store.AdministratorId;
import org.openekm.spi.store.AdministratorRecord.Grant;
import org.openekm.spi.store.AdministratorRecord.Permission;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.SeededCases;

/**
 * Random calls by random administrators, against a second, plain reading of who may do what: a call
 * is refused if and only if the model says so, and a refused call changes nothing, neither records
 * nor key material, and is in the audit.
 */
@Timeout(600)
final class RefusedCallsPropertyTest {

  private static final int CASES = 12;
  private static final int STEPS = 500;
  private static final List<String> VAULTS = List.of("vault-0", "vault-1", "vault-2");
  private static final List<String> NAMES = List.of("kim", "lee", "max", "noa", "ola", "paper");
  private static final List<String> KEYS = List.of("a", "b", "c");
  private static final String NOWHERE = "nowhere";

  /** What a call is about, and so where its verb must be held. */
  private enum Scope {
    VAULT,
    EVERYTHING,
    SOMEWHERE,
    ADMINISTRATOR
  }

  /** What a call works on. */
  private record Target(
      String vault, String key, String administrator, Set<NewGrant> grants, String text) {

    String path() {
      return vault + "/" + key;
    }
  }

  private interface Use {
    void run(AdminServices admin, AdminContext who, Target target);
  }

  private record Call(String name, Permission verb, Scope scope, Use use) {}

  private static final List<Call> CALLS =
      List.of(
          new Call("vault.list", Permission.VIEW, Scope.SOMEWHERE, (a, w, t) -> a.vaults().list(w)),
          new Call(
              "vault.show",
              Permission.VIEW,
              Scope.VAULT,
              (a, w, t) -> a.vaults().find(w, t.vault())),
          new Call(
              "key.list", Permission.VIEW, Scope.VAULT, (a, w, t) -> a.keys().list(w, t.vault())),
          new Call(
              "key.show", Permission.VIEW, Scope.VAULT, (a, w, t) -> a.keys().find(w, t.path())),
          new Call(
              "issuer.list", Permission.VIEW, Scope.SOMEWHERE, (a, w, t) -> a.issuers().list(w)),
          new Call(
              "tenancy.list", Permission.VIEW, Scope.SOMEWHERE, (a, w, t) -> a.tenancies().list(w)),
          new Call(
              "admin.list",
              Permission.VIEW,
              Scope.EVERYTHING,
              (a, w, t) -> a.administrators().list(w)),
          new Call(
              "admin.show",
              Permission.VIEW,
              Scope.EVERYTHING,
              (a, w, t) -> a.administrators().find(w, t.administrator())),
          new Call(
              "issuer.create",
              Permission.CREATE,
              Scope.EVERYTHING,
              (a, w, t) ->
                  a.issuers()
                      .create(
                          w,
                          new NewIssuer(
                              t.text(),
                              List.of("https://idcs.example/"),
                              List.of(),
                              Set.of(),
                              Optional.empty()))),
          new Call(
              "issuer.delete",
              Permission.DELETE,
              Scope.EVERYTHING,
              (a, w, t) -> a.issuers().delete(w, t.text())),
          new Call(
              "tenancy.create",
              Permission.CREATE,
              Scope.EVERYTHING,
              (a, w, t) ->
                  a.tenancies().create(w, t.text(), "ocid1.tenancy.oc1..b" + t.text().hashCode())),
          new Call(
              "tenancy.delete",
              Permission.DELETE,
              Scope.EVERYTHING,
              (a, w, t) -> a.tenancies().delete(w, t.text())),
          new Call(
              "vault.create",
              Permission.CREATE,
              Scope.EVERYTHING,
              (a, w, t) -> a.vaults().create(w, AdminFixture.newVault(t.vault(), "hsm"))),
          new Call(
              "vault.delete",
              Permission.DELETE,
              Scope.VAULT,
              (a, w, t) -> a.vaults().delete(w, t.vault())),
          new Call(
              "vault.block",
              Permission.BLOCK_ONLY,
              Scope.VAULT,
              (a, w, t) -> a.vaults().block(w, t.vault())),
          new Call(
              "vault.unblock",
              Permission.BLOCK,
              Scope.VAULT,
              (a, w, t) -> a.vaults().unblock(w, t.vault())),
          new Call(
              "vault.set-policy",
              Permission.UPDATE,
              Scope.VAULT,
              (a, w, t) -> a.vaults().setPolicy(w, t.vault(), "{\"rules\": []}")),
          new Call(
              "key.create",
              Permission.CREATE,
              Scope.VAULT,
              (a, w, t) -> a.keys().create(w, command(t))),
          new Call(
              "key.import",
              Permission.CREATE,
              Scope.VAULT,
              (a, w, t) -> {
                try (SecretBytes material = SecretBytes.copyOf(aKey())) {
                  a.keys().importKey(w, command(t), material);
                }
              }),
          new Call(
              "key.rotate",
              Permission.ROTATE,
              Scope.VAULT,
              (a, w, t) -> a.keys().rotate(w, t.path())),
          new Call(
              "key.block",
              Permission.BLOCK_ONLY,
              Scope.VAULT,
              (a, w, t) -> a.keys().block(w, t.path())),
          new Call(
              "key.unblock",
              Permission.BLOCK,
              Scope.VAULT,
              (a, w, t) -> a.keys().unblock(w, t.path())),
          new Call(
              "key.disable",
              Permission.UPDATE,
              Scope.VAULT,
              (a, w, t) -> a.keys().disable(w, t.path())),
          new Call(
              "key.enable",
              Permission.UPDATE,
              Scope.VAULT,
              (a, w, t) -> a.keys().enable(w, t.path())),
          new Call(
              "key.activate",
              Permission.UPDATE,
              Scope.VAULT,
              (a, w, t) -> a.keys().activate(w, t.path())),
          new Call(
              "key.set-policy",
              Permission.UPDATE,
              Scope.VAULT,
              (a, w, t) -> a.keys().setPolicy(w, t.path(), "no policy")),
          new Call(
              "key.clear-policy",
              Permission.UPDATE,
              Scope.VAULT,
              (a, w, t) -> a.keys().clearPolicy(w, t.path())),
          new Call(
              "key.schedule-deletion",
              Permission.DELETE,
              Scope.VAULT,
              (a, w, t) -> a.keys().scheduleDeletion(w, t.path(), Duration.ofDays(7))),
          new Call(
              "key.cancel-deletion",
              Permission.DELETE,
              Scope.VAULT,
              (a, w, t) -> a.keys().cancelDeletion(w, t.path())),
          new Call(
              "key.destroy",
              Permission.DELETE,
              Scope.VAULT,
              (a, w, t) -> a.keys().destroy(w, t.path())),
          new Call(
              "admin.grant",
              Permission.UPDATE,
              Scope.ADMINISTRATOR,
              (a, w, t) -> a.administrators().grant(w, t.administrator(), t.grants())),
          new Call(
              "admin.revoke",
              Permission.UPDATE,
              Scope.ADMINISTRATOR,
              (a, w, t) -> a.administrators().revoke(w, t.administrator(), t.grants())),
          new Call(
              "admin.rotate",
              Permission.ROTATE,
              Scope.ADMINISTRATOR,
              (a, w, t) ->
                  a.administrators()
                      .rotate(w, t.administrator(), Optional.empty(), Duration.ofHours(1))));

  @Test
  void randomCalls_areRefusedExactlyWhenNotGranted_andRefusedCallsChangeNothing() {
    int[] refusals = {0};
    SeededCases.run(
        CASES,
        random -> {
          try (World world = new World(random)) {
            for (int step = 0; step < STEPS; step++) {
              refusals[0] += world.step() ? 1 : 0;
            }
          }
        });
    assertThat(refusals[0]).as("refused calls").isGreaterThan(STEPS);
  }

  private static NewKeyCommand command(Target target) {
    return new NewKeyCommand(target.vault(), target.key(), 32, Optional.empty());
  }

  private static byte[] aKey() {
    byte[] key = new byte[32];
    key[0] = 1;
    return key;
  }

  /** The real parts beside a model of the grants. */
  private static final class World implements AutoCloseable {

    private final AdminFixture fixture = new AdminFixture().withVault();
    private final AdminServices admin = fixture.admin;
    private final Random random;
    private final Map<String, Set<Grant>> granted = new HashMap<>();
    private final Map<String, AdminIdentity> identities = new HashMap<>();

    World(Random random) {
      this.random = random;
      for (String vault : VAULTS) {
        admin.vaults().create(AdminFixture.ADMIN, AdminFixture.newVault(vault, "hsm"));
        for (String key : KEYS) {
          admin
              .keys()
              .create(AdminFixture.ADMIN, new NewKeyCommand(vault, key, 32, Optional.empty()));
        }
      }
      for (String name : NAMES) {
        Set<NewGrant> grants = randomGrants();
        IssuedCredential issued =
            admin
                .administrators()
                .add(AdminFixture.ADMIN, new NewAdministrator(name, grants, Optional.empty()));
        String text =
            issued
                .credential()
                .orElseThrow()
                .read(bytes -> new String(bytes, StandardCharsets.US_ASCII));
        granted.put(name, new HashSet<>(issued.administrator().grants()));
        identities.put(name, admin.access().authenticate(text).orElseThrow());
      }
      AdministratorId known = admin.administrators().find(AdminFixture.ADMIN, "kim").id();
      identities.put(
          "other-credential",
          new AdminIdentity.Administrator(known, UUID.randomUUID(), "other-credential"));
      identities.put(
          "ghost",
          new AdminIdentity.Administrator(
              new AdministratorId(UUID.randomUUID()), UUID.randomUUID(), "ghost"));
      identities.put("root", AdminIdentity.root("root"));
    }

    /** Makes one call and compares; returns true if it was refused for want of a grant. */
    boolean step() {
      String who = pick(List.copyOf(identities.keySet()).stream().sorted().toList());
      Call call = pick(CALLS);
      Target target =
          new Target(
              random.nextInt(12) == 0 ? NOWHERE : pick(VAULTS),
              random.nextInt(12) == 0 ? "none" : pick(KEYS),
              random.nextInt(12) == 0 ? "nobody" : pick(NAMES),
              randomGrants(),
              pick(List.of("idcs", "tenancy", "x", "y")));
      String told = who + " " + call.name() + " " + target;
      boolean allowed = allowed(who, call, target);
      MetadataSnapshot before = fixture.store.load();
      int materials = fixture.device.keyCount();
      int events = fixture.sink.events().size();
      AdminException refusal = run(who, call, target);
      if (refusal == null) {
        assertThat(allowed).as("allowed: " + told).isTrue();
        follow(call, target);
        return false;
      }
      assertThat(refusal.kind()).as(told).isNotEqualTo(Kind.UNAVAILABLE);
      assertThat(refusal.kind() == Kind.FORBIDDEN).as(told + ": " + refusal).isEqualTo(!allowed);
      assertThat(fixture.store.load()).as("records after " + told).isEqualTo(before);
      assertThat(fixture.device.keyCount()).as("material after " + told).isEqualTo(materials);
      if (!allowed) {
        assertRefusal(who, call, refusal, events, told);
      }
      return !allowed;
    }

    private void assertRefusal(
        String who, Call call, AdminException refusal, int events, String told) {
      assertThat(refusal.missing()).as(told).isPresent();
      if (call.scope() != Scope.ADMINISTRATOR) {
        assertThat(refusal.missing()).as(told).contains(AdminVerb.of(call.verb()));
      }
      List<AuditEvent> all = fixture.sink.events();
      assertThat(all).as("audit of " + told).hasSize(events + 1);
      AuditEvent event = all.get(events);
      assertThat(event.action()).as(told).isEqualTo(auditName(call));
      assertThat(event.actor()).as(told).isEqualTo(who);
      assertThat(event.outcome()).as(told).isEqualTo(EkmErrorCode.CLIENT_NOT_ALLOWED.name());
    }

    private static String auditName(Call call) {
      return call.name().equals("key.clear-policy") ? "key.set-policy" : call.name();
    }

    private @Nullable AdminException run(String who, Call call, Target target) {
      AdminContext context =
          new AdminContext(identities.get(who), new RequestId("r-1"), Optional.empty());
      try {
        call.use().run(admin, context, target);
        if (call.name().equals("vault.list")) {
          assertThat(admin.vaults().list(context)).allMatch(vault -> sees(who, vault));
          long visible =
              fixture.store.load().vaults().stream().filter(vault -> sees(who, vault)).count();
          assertThat(admin.vaults().list(context)).hasSize((int) visible);
        }
        return null;
      } catch (AdminException e) {
        return e;
      }
    }

    private boolean sees(String who, VaultRecord vault) {
      return holds(who, Permission.VIEW, Optional.of(vault.id()));
    }

    /** Does to the model what a call has done. */
    private void follow(Call call, Target target) {
      if (call.name().equals("admin.grant")) {
        granted.get(target.administrator()).addAll(resolved(target.grants()).orElseThrow());
      } else if (call.name().equals("admin.revoke")) {
        granted.get(target.administrator()).removeAll(resolved(target.grants()).orElseThrow());
      }
    }

    private boolean allowed(String who, Call call, Target target) {
      return switch (call.scope()) {
        case EVERYTHING -> holds(who, call.verb(), Optional.empty());
        case SOMEWHERE ->
            who.equals("root")
                || granted.getOrDefault(who, Set.of()).stream()
                    .anyMatch(grant -> grant.permission() == call.verb());
        case VAULT -> holds(who, call.verb(), vault(target.vault()));
        case ADMINISTRATOR ->
            holds(who, call.verb(), Optional.empty()) && allowedOnAdministrator(who, call, target);
      };
    }

    private boolean allowedOnAdministrator(String who, Call call, Target target) {
      Set<Grant> needed = new HashSet<>(granted.getOrDefault(target.administrator(), Set.of()));
      if (call.name().equals("admin.grant") && granted.containsKey(target.administrator())) {
        // A vault that doesn't exist is told, before anything of what is given is looked at.
        needed.addAll(resolved(target.grants()).orElse(Set.of()));
      }
      return needed.stream().allMatch(grant -> holds(who, grant.permission(), grant.vault()));
    }

    /** Returns true if somebody holds a permission, for one vault or for all. */
    private boolean holds(String who, Permission permission, Optional<VaultId> vault) {
      return who.equals("root")
          || granted.getOrDefault(who, Set.of()).stream()
              .anyMatch(
                  own ->
                      (own.permission() == permission
                              || (permission == Permission.BLOCK_ONLY
                                  && own.permission() == Permission.BLOCK))
                          && (own.vault().isEmpty() || own.vault().equals(vault)));
    }

    private Optional<VaultId> vault(String name) {
      return fixture.store.load().vaults().stream()
          .filter(vault -> vault.name().equals(name))
          .map(VaultRecord::id)
          .findFirst();
    }

    private Optional<Set<Grant>> resolved(Set<NewGrant> grants) {
      if (grants.stream()
          .anyMatch(each -> each.vault().filter(v -> vault(v).isEmpty()).isPresent())) {
        return Optional.empty();
      }
      return Optional.of(
          grants.stream()
              .map(each -> new Grant(each.permission(), each.vault().flatMap(this::vault)))
              .collect(Collectors.toSet()));
    }

    private Set<NewGrant> randomGrants() {
      Set<NewGrant> grants = new HashSet<>();
      for (int i = random.nextInt(5); i > 0; i--) {
        grants.add(
            new NewGrant(
                pick(List.of(Permission.values())),
                random.nextInt(3) == 0 ? Optional.empty() : Optional.of(pick(VAULTS))));
      }
      return grants;
    }

    private <T> T pick(List<T> all) {
      return new ArrayList<>(all).get(random.nextInt(all.size()));
    }

    @Override
    public void close() {
      fixture.close();
    }
  }
}
