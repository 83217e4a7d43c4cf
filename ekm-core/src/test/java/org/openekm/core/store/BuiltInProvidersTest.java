// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.ComponentLoader;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.Settings;
import org.openekm.spi.policy.PolicyEngineProvider;
import org.openekm.spi.store.MetadataStoreProvider;
import org.openekm.testkit.fake.ManualClock;

final class BuiltInProvidersTest {

  private final ComponentLoader loader =
      ComponentLoader.ofServiceLoader(getClass().getClassLoader());

  @Test
  void load_storeProviders_findsMemoryAndMakesAStore() {
    MetadataStoreProvider memory =
        named(
            loader.load(MetadataStoreProvider.class),
            "memory",
            InMemoryMetadataStoreProvider.class);
    assertThat(memory.create(context(Map.of())).load().revision()).isZero();
    assertThatThrownBy(() -> memory.create(context(Map.of("path", "x"))))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("path");
  }

  @Test
  void load_policyProviders_findsRulesAndMakesAnEngine() {
    PolicyEngineProvider rules =
        loader.load(PolicyEngineProvider.class).stream()
            .filter(provider -> provider.name().equals("rules"))
            .findFirst()
            .orElseThrow();
    assertThat(rules.create(context(Map.of()))).isInstanceOf(RulePolicyEngine.class);
    assertThatThrownBy(() -> rules.create(context(Map.of("mode", "x"))))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  private static MetadataStoreProvider named(
      List<MetadataStoreProvider> found, String name, Class<? extends MetadataStoreProvider> type) {
    MetadataStoreProvider provider =
        found.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    assertThat(provider).isInstanceOf(type);
    return provider;
  }

  private static ComponentContext context(Map<String, String> settings) {
    ManualClock clock = new ManualClock();
    return new ComponentContext(
        "test",
        Settings.of(settings),
        reference -> {
          throw new SecretUnavailableException(reference, "is not needed here", null);
        },
        clock,
        clock,
        new SecureRandom(),
        Runnable::run);
  }
}
