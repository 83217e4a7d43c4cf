// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.openekm.core.admin.InputRules;
import org.openekm.core.admin.NewIssuer;
import org.openekm.core.admin.NewKeyCommand;
import org.openekm.core.admin.NewVault;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.server.config.LoadedSetup;
import org.openekm.server.config.Setup;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.spi.store.AdministratorRecord.Permission;
import org.openekm.spi.store.VaultRecord;

/** Finds everything that the server would refuse in a set-up file, before anything is changed. */
final class SetupChecks {

  private static final VaultRecord.Endpoint SOMEWHERE =
      new VaultRecord.Endpoint("localhost", 443, "");

  private final LoadedSetup file;
  private final ServerState state;
  private final PolicyEngine policies = new RulePolicyEngine();

  private SetupChecks(LoadedSetup file, ServerState state) {
    this.file = file;
    this.state = state;
  }

  static void run(LoadedSetup file, ServerState state) {
    SetupChecks checks = new SetupChecks(file, state);
    file.setup().issuers().forEach(checks::issuer);
    checks.tenancies();
    checks.vaults();
    checks.administrators();
  }

  private void administrators() {
    Set<String> verbs = new TreeSet<>();
    for (Permission each : Permission.values()) {
      verbs.add(each.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    Set<String> vaults = new TreeSet<>(state.vaults().keySet());
    file.setup().vaults().forEach(each -> vaults.add(each.name()));
    for (Setup.Administrator each : file.setup().administrators()) {
      String path = "administrators." + each.name();
      tell(path, InputRules.administrator(each.name()));
      for (String grant : each.grants()) {
        int at = grant.indexOf('@');
        if (!verbs.contains(at < 0 ? grant : grant.substring(0, at)) || grant.endsWith("@")) {
          tell(
              path + ".grants",
              "must hold verbs, each alone or with a vault",
              "use " + String.join(", ", verbs) + ", as in view or block@payments");
        } else if (at >= 0) {
          named(path + ".grants", grant.substring(at + 1), vaults);
        }
      }
    }
  }

  private void issuer(Setup.Issuer issuer) {
    Setup.Client client = issuer.client();
    tell(
        "issuers." + issuer.name(),
        InputRules.issuer(
            new NewIssuer(
                issuer.name(),
                issuer.discoveryUrls(),
                issuer.jwksUrls(),
                Set.copyOf(issuer.acceptedIssuers()),
                client.id().isPresent() && client.secret().isPresent()
                    ? Optional.of(
                        new NewIssuer.JwksClient(
                            client.id().get(), client.secret().get(), client.tokenUrl()))
                    : Optional.empty())));
  }

  private void tenancies() {
    Map<String, String> owners = new HashMap<>();
    state.tenancies().forEach((name, tenancy) -> owners.put(tenancy.path("ocid").asString(), name));
    for (Setup.Tenancy tenancy : file.setup().tenancies()) {
      String path = "tenancies." + tenancy.name();
      if (tenancy.ocid().isEmpty()) {
        continue;
      }
      tell(path, InputRules.tenancy(tenancy.name(), tenancy.ocid()));
      String owner = owners.putIfAbsent(tenancy.ocid(), tenancy.name());
      if (owner != null && !owner.equals(tenancy.name())) {
        tell(path + ".ocid", "is that of tenancy " + owner + " too", "one tenancy, one name");
      }
    }
  }

  private void vaults() {
    Set<String> tenancies = new TreeSet<>(state.tenancies().keySet());
    file.setup().tenancies().forEach(each -> tenancies.add(each.name()));
    Set<String> issuers = new TreeSet<>(state.issuers().keySet());
    file.setup().issuers().forEach(each -> issuers.add(each.name()));
    for (Setup.Vault vault : file.setup().vaults()) {
      String path = "vaults." + vault.name();
      vault(path, vault);
      named(path + ".tenancy", vault.access().tenancy(), tenancies);
      named(path + ".issuer", vault.access().issuer(), issuers);
      vault.keys().forEach(key -> key(path + ".keys." + key.name(), vault.name(), key));
    }
    backends();
  }

  private void vault(String path, Setup.Vault vault) {
    Setup.Access access = vault.access();
    Optional<String> url = vault.place().url();
    Optional<VaultRecord.Endpoint> endpoint = url.flatMap(SetupFields::endpoint);
    if (url.isPresent() && endpoint.isEmpty()) {
      tell(
          path + ".url",
          "must be https:// with a host, a port if it is not 443, and a path",
          "take the external vault URL without /vaults and what follows");
    }
    tell(
        path,
        InputRules.vault(
            new NewVault(
                vault.name(),
                access.tenancy(),
                new NewVault.Access(
                    access.issuer(),
                    access.clientId().isEmpty() ? "missing" : access.clientId(),
                    Set.copyOf(access.audiences()),
                    Set.copyOf(access.scopes())),
                endpoint.orElse(SOMEWHERE),
                vault.place().backend().orElse(""),
                ours(vault.policy()),
                true,
                new NewVault.Options(
                    vault.options().labels().orElse(Map.of()), vault.options().backendLocked())),
            policies));
  }

  private void key(String path, String vault, Setup.Key key) {
    tell(
        path,
        InputRules.key(
            new NewKeyCommand(
                vault,
                key.name(),
                key.length().orElse(32),
                ours(key.policy()),
                true,
                new NewKeyCommand.Options(key.labels().orElse(Map.of()), key.rotationPeriod())),
            policies));
  }

  /** Only the server knows the language of a policy engine that is not ours. */
  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // goes through as it came
  private static Optional<String> ours(Optional<String> policy) {
    return policy.filter(text -> text.strip().startsWith("{"));
  }

  /** Asks for the server's backends only if a vault is to be made. */
  private void backends() {
    List<Setup.Vault> missing =
        file.setup().vaults().stream()
            .filter(vault -> !state.vaults().containsKey(vault.name()))
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    Set<String> backends = state.backends();
    for (Setup.Vault vault : missing) {
      Optional<String> backend = vault.place().backend();
      if (backend.isPresent()) {
        named("vaults." + vault.name() + ".backend", backend.get(), backends);
      } else if (backends.size() != 1) {
        tell(
            "vaults." + vault.name() + ".backend",
            "is missing",
            "name one of " + String.join(", ", backends));
      }
    }
  }

  private void named(String path, String name, Set<String> all) {
    if (!name.isEmpty() && !all.contains(name)) {
      tell(
          path,
          "names " + name + ", which is neither in the file nor on the server",
          all.isEmpty()
              ? "add it to the file"
              : "add it, or name one of " + String.join(", ", all));
    }
  }

  private void tell(String path, List<ConfigurationProblem> problems) {
    for (ConfigurationProblem problem : problems) {
      String field = SetupFields.spelled(problem.field());
      tell(field.isEmpty() ? path : path + "." + field, problem.problem(), problem.hint());
    }
  }

  private void tell(String field, String problem, String hint) {
    file.problem(new ConfigurationProblem(field, problem, hint));
  }
}
