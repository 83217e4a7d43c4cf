// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.NanoClock;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.docs.structure.SourceTree;
import org.openekm.server.config.ConfigLoader;
import org.openekm.server.config.ConfigurationReference;
import org.openekm.server.config.LoadedConfig;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.NamedProvider;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.Settings;
import org.openekm.spi.audit.AuditSinkProvider;
import org.openekm.spi.backend.KeyBackendProvider;
import org.openekm.spi.policy.PolicyEngineProvider;
import org.openekm.spi.store.MetadataStoreProvider;
import org.openekm.testkit.fake.TestCertificates;

/** docs/configuration.md lists the settings that the product reads; its examples work. */
final class ConfigurationPageTest {
  private static final String NAME = "docs/configuration.md";
  private static final Pattern GENERATED =
      Pattern.compile("(?s)(<!-- begin: all settings -->\\n)(.*?)(<!-- end: all settings -->)");

  @TempDir Path folder;

  @Test
  void table_isWhatTheProductSays() throws IOException {
    Path file = SourceTree.root().resolve(NAME);
    String page = Files.readString(file);
    Matcher generated = GENERATED.matcher(page);
    assertThat(generated.find()).as("%s has the marks of the generated part", NAME).isTrue();
    String expected = ConfigurationReference.markdown();
    if (Boolean.getBoolean("ekm.docs.write")) {
      String table = generated.group(1) + expected + generated.group(3);
      Files.writeString(
          file, page.substring(0, generated.start()) + table + page.substring(generated.end()));
      return;
    }

    assertThat(generated.group(2))
        .as("the table of all settings; make it anew with the command that stands above it")
        .isEqualTo(expected);
  }

  @Test
  void smallestConfiguration_isRead() throws IOException {
    for (String name : List.of("tls", "secrets", "data", "audit")) {
      Files.createDirectory(folder.resolve(name));
    }
    var certificate = TestCertificates.create().server("10.0.0.5");
    Files.writeString(folder.resolve("tls/server.pem"), certificate.chainPem());
    Files.writeString(folder.resolve("tls/server.key"), certificate.privateKeyPem());
    for (String secret : List.of("admin-credential", "kek")) {
      Path file = Files.writeString(folder.resolve("secrets").resolve(secret), "c2VjcmV0\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    Path file = Files.writeString(folder.resolve("ekm.yaml"), block("config=smallest"));

    LoadedConfig loaded = new ConfigLoader(name -> null).load(file);

    assertThat(loaded.config().backends()).containsOnlyKeys("main");
    assertThat(loaded.config().audit().component().settings())
        .containsEntry("path", folder.resolve("audit/audit.log").toString());
  }

  @Test
  void policy_isCompiled() {
    String policy = block("policy=office-hours");

    assertThatCode(() -> new RulePolicyEngine().compile(policy)).doesNotThrowAnyException();
  }

  @Test
  void components_areAllThatComeWithTheProduct() {
    Set<String> documented = new TreeSet<>();
    for (List<String> row : components().rows()) {
      documented.add(row.get(0) + " " + Page.code(row.get(1)));
    }

    assertThat(documented).isEqualTo(providers().keySet());
  }

  @Test
  void neededSettings_areThoseWithoutWhichTheProviderRefuses() {
    Map<String, Set<String>> documented = new TreeMap<>();
    for (List<String> row : components().rows()) {
      Set<String> needed =
          documented.computeIfAbsent(
              row.get(0) + " " + Page.code(row.get(1)), component -> new TreeSet<>());
      if (row.get(3).equals("yes")) {
        needed.add(Page.code(row.get(2)));
      }
    }

    documented.forEach(
        (component, needed) ->
            assertThat(missing(component)).as("needed by %s", component).isEqualTo(needed));
  }

  private static Page.Table components() {
    return Page.read(NAME).table("Part", "Type", "Setting", "Needed", "Meaning");
  }

  private static String block(String name) {
    return Page.read(NAME).blocks().stream()
        .filter(block -> block.info().endsWith(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(NAME + " has no block " + name))
        .text();
  }

  /** Returns the settings that a provider misses when it gets none. */
  private static Set<String> missing(String component) {
    Provider provider = providers().get(component);
    InvalidConfigurationException refusal =
        catchThrowableOfType(
            InvalidConfigurationException.class, () -> provider.create(emptyContext()).close());
    Set<String> fields = new TreeSet<>();
    if (refusal != null) {
      refusal.problems().forEach(problem -> fields.add(problem.field()));
    }
    return fields;
  }

  private static ComponentContext emptyContext() {
    return new ComponentContext(
        "main",
        Settings.of(Map.of()),
        reference -> {
          throw new SecretUnavailableException(reference, "is not there", null);
        },
        InstantSource.system(),
        NanoClock.system(),
        new SecureRandom(),
        Runnable::run);
  }

  private interface Provider {
    AutoCloseable create(ComponentContext context);
  }

  private static Map<String, Provider> providers() {
    Map<String, Provider> found = new TreeMap<>();
    collect(found, "backend", KeyBackendProvider.class, KeyBackendProvider::create);
    collect(found, "store", MetadataStoreProvider.class, MetadataStoreProvider::create);
    collect(found, "audit", AuditSinkProvider.class, AuditSinkProvider::create);
    for (PolicyEngineProvider provider : ServiceLoader.load(PolicyEngineProvider.class)) {
      found.put(
          "policy " + provider.name(),
          context -> {
            provider.create(context);
            return () -> {};
          });
    }
    return found;
  }

  private static <P extends NamedProvider> void collect(
      Map<String, Provider> found,
      String part,
      Class<P> type,
      BiFunction<P, ComponentContext, AutoCloseable> create) {
    for (P provider : ServiceLoader.load(type)) {
      found.put(part + " " + provider.name(), context -> create.apply(provider, context));
    }
  }
}
