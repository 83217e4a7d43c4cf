// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.openekm.spi.SecretReference;

/**
 * Reads set-up files: YAML as in the configuration, with {@code ${file:}}, {@code ${env:}} and
 * {@code ${here}} as there. Stateless.
 */
public final class SetupLoader {

  private static final long MAX_FILE_BYTES = 2 * 1024 * 1024;

  private final UnaryOperator<@Nullable String> environment;

  /** Makes a loader that sees the environment of this process. */
  public SetupLoader() {
    this(System::getenv);
  }

  /** Makes a loader that sees another environment. */
  SetupLoader(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  /**
   * Reads a file. What is wrong with it is kept in the result, so that it can be told together with
   * what is found later.
   *
   * @throws ConfigException if the file can't be read at all
   */
  public LoadedSetup load(Path path) {
    Path file = path.toAbsolutePath().normalize();
    Reading reading = Reading.of(Optional.ofNullable(file.getParent()).orElse(file), environment);
    YamlNode.Mapping root =
        new YamlReader(reading.problems()).read(ConfigLoader.text(file, MAX_FILE_BYTES));
    if (!reading.problems().isEmpty() && root.entries().isEmpty()) {
      reading.problems().raise(file.toString());
    }
    Section section = new Section("", root, reading);
    Setup setup =
        new Setup(issuers(section), tenancies(section), vaults(section), administrators(section));
    section.finish();
    return new LoadedSetup(file, setup, reading);
  }

  private static List<Setup.Issuer> issuers(Section root) {
    List<Setup.Issuer> issuers = new ArrayList<>();
    root.sections("issuers", "NAME")
        .forEach(
            (name, section) -> {
              Optional<String> id = section.text("client-id", "The resource application.");
              Optional<String> secret =
                  section
                      .secret("client-secret", "Where its secret is, as the server sees it.")
                      .map(SecretReference::toString);
              issuers.add(
                  new Setup.Issuer(
                      name,
                      section.list("discovery-urls", List.of(), "OpenID configurations."),
                      section.list("jwks-urls", List.of(), "Signing keys."),
                      section.list("accepted-issuers", List.of(), "Values of iss to believe."),
                      new Setup.Client(
                          id, secret, section.text("token-url", "Where it gets its token."))));
              if (section.has("client-id") != section.has("client-secret")) {
                section.problem(
                    section.has("client-id") ? "client-id" : "client-secret",
                    "stands alone",
                    "protected signing keys need both client-id and client-secret");
              }
              section.finish();
            });
    return issuers;
  }

  private static List<Setup.Tenancy> tenancies(Section root) {
    List<Setup.Tenancy> tenancies = new ArrayList<>();
    root.sections("tenancies", "NAME")
        .forEach(
            (name, section) -> {
              tenancies.add(
                  new Setup.Tenancy(
                      name, section.requiredText("ocid", "give the tenancy's OCID", "The OCID.")));
              section.finish();
            });
    return tenancies;
  }

  private static List<Setup.Administrator> administrators(Section root) {
    List<Setup.Administrator> administrators = new ArrayList<>();
    root.sections("administrators", "NAME")
        .forEach(
            (name, section) -> {
              administrators.add(
                  new Setup.Administrator(
                      name, section.list("grants", List.of(), "Each VERB or VERB@VAULT.")));
              section.finish();
            });
    return administrators;
  }

  private static List<Setup.Vault> vaults(Section root) {
    List<Setup.Vault> vaults = new ArrayList<>();
    root.sections("vaults", "NAME").forEach((name, section) -> vaults.add(vault(name, section)));
    return vaults;
  }

  private static Setup.Vault vault(String name, Section section) {
    Setup.Vault vault =
        new Setup.Vault(
            name,
            new Setup.Access(
                section.requiredText("tenancy", "name the OCI tenancy", "The OCI tenancy."),
                section.requiredText("issuer", "name the identity domain", "The identity domain."),
                section.requiredText(
                    "client-id",
                    "give the client application that OCI uses for this vault",
                    "The client application."),
                section.list("audiences", List.of(), "Accepted audiences."),
                section.list("scopes", List.of(), "Accepted scopes.")),
            new Setup.Place(
                section.text("url", "The external vault URL without /vaults/ID."),
                section.text("backend", "The backend that makes its keys.")),
            section.verbatim("policy", "The policy."),
            new Setup.VaultOptions(
                labels(section),
                onlyTrue(section, "backend-locked", "Locks it to its backend.", "can't be undone"),
                duration(section, "dead-man", "1m", "366d")),
            section.has("audit-success")
                ? Optional.of(section.flag("audit-success", true, "Audits successful calls."))
                : Optional.empty(),
            blocked(section),
            keys(section));
    section.known("audit-success", "labels", "dead-man");
    section.finish();
    return vault;
  }

  private static List<Setup.Key> keys(Section vault) {
    List<Setup.Key> keys = new ArrayList<>();
    vault
        .sections("keys", "NAME")
        .forEach(
            (name, section) -> {
              keys.add(
                  new Setup.Key(
                      name,
                      section.has("length")
                          ? Optional.of(section.integer("length", 32, 16, 32, "Bytes."))
                          : Optional.empty(),
                      section.has("state")
                          ? Optional.of(section.choice("state", Setup.State.ACTIVE, "Its state."))
                          : Optional.empty(),
                      blocked(section),
                      section.verbatim("policy", "A policy of its own."),
                      labels(section),
                      duration(section, "rotation-period", "1h", "3650d")));
              section.known("length", "state", "labels", "rotation-period");
              section.finish();
            });
    return keys;
  }

  /** Lifting a block is never left to a file, which may be older than the reason for the block. */
  private static boolean blocked(Section section) {
    return onlyTrue(
        section,
        "blocked",
        "Blocks it.",
        "unblocking is for ekm vault unblock and ekm key unblock");
  }

  private static boolean onlyTrue(Section section, String name, String description, String why) {
    boolean value = section.flag(name, false, description);
    if (section.has(name) && !value) {
      section.problem(name, "can only be true", "remove it; " + why);
    }
    return value;
  }

  private static Optional<Duration> duration(
      Section section, String name, String shortest, String longest) {
    return section.has(name)
        ? Optional.of(section.duration(name, shortest, shortest, longest, "A length of time."))
        : Optional.empty();
  }

  private static Optional<Map<String, String>> labels(Section section) {
    if (!section.has("labels")) {
      return Optional.empty();
    }
    Map<String, String> labels = new TreeMap<>();
    for (String label : section.list("labels", List.of(), "Labels, each NAME=VALUE.")) {
      int equals = label.indexOf('=');
      if (equals < 1
          || labels.put(label.substring(0, equals), label.substring(equals + 1)) != null) {
        section.problem(
            "labels", "must be NAME=VALUE, each name once", "write it as in [team=payments]");
      }
    }
    return Optional.of(labels);
  }
}
