// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.openekm.api.NanoClock;
import org.openekm.server.EkmServerConfig;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.ComponentLoader;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.NamedProvider;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.Settings;
import org.openekm.spi.audit.AuditSinkException;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes parts from their providers, collects what is wrong with any of them, and remembers where
 * each came from.
 */
final class ComponentFactory {

  private static final Logger LOG = LoggerFactory.getLogger(ComponentFactory.class);

  private final ComponentLoader loader;
  private final SecretResolver secrets;
  private final Executor executor;
  private final SecureRandom random;
  private final List<ConfigurationProblem> problems = new ArrayList<>();
  private final Map<String, String> origins = new LinkedHashMap<>();
  private final Deque<AutoCloseable> made = new ArrayDeque<>();

  ComponentFactory(
      ComponentLoader loader, SecretResolver secrets, Executor executor, SecureRandom random) {
    this.loader = loader;
    this.secrets = secrets;
    this.executor = executor;
    this.random = random;
  }

  /** Makes a part; empty, and a problem, if that fails. */
  <P extends NamedProvider, C> Optional<C> make(
      String field,
      EkmServerConfig.Component component,
      Class<P> kind,
      BiFunction<P, ComponentContext, C> create) {
    return new Providers<>(loader, kind)
        .find(field + ".type", component.type(), problems)
        .flatMap(provider -> make(field, component, provider, create));
  }

  void problem(ConfigurationProblem problem) {
    problems.add(problem);
  }

  List<ConfigurationProblem> problems() {
    return List.copyOf(problems);
  }

  /** The provider of each part: from the part's field to the provider's class and jar. */
  Map<String, String> origins() {
    return origins;
  }

  /** Closes what was made, the last first: the server could not be put together. */
  void discard() {
    while (!made.isEmpty()) {
      try {
        made.pop().close();
      } catch (Exception e) {
        LOG.warn("a part could not be closed: {}", e.getMessage());
      }
    }
  }

  private <P extends NamedProvider, C> Optional<C> make(
      String field,
      EkmServerConfig.Component component,
      P provider,
      BiFunction<P, ComponentContext, C> create) {
    try {
      C part = create.apply(provider, context(field, component));
      if (part instanceof AutoCloseable closeable) {
        made.push(closeable);
      }
      origins.put(field, Providers.origin(provider));
      LOG.info("{}: {}, {}", field, component.type(), Providers.origin(provider));
      return Optional.of(part);
    } catch (InvalidConfigurationException e) {
      e.problems().forEach(problem -> problems.add(problem.under(field)));
    } catch (BackendException
        | StoreException
        | AuditSinkException
        | SecretUnavailableException e) {
      problems.add(
          new ConfigurationProblem(
              field,
              "can't be used: " + e.getMessage(),
              "correct its settings or what they point to"));
    }
    return Optional.empty();
  }

  private ComponentContext context(String field, EkmServerConfig.Component component) {
    String instance = field.substring(field.lastIndexOf('.') + 1);
    return new ComponentContext(
        instance,
        Settings.of(component.settings()),
        secrets,
        InstantSource.system(),
        NanoClock.system(),
        random,
        executor);
  }
}
