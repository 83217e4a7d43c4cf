// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.server.EkmServerConfig;
import org.openekm.spi.CheckResult;
import org.openekm.spi.ComponentLoader;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.KeyBackendProvider;

/** Makes the backends of a configuration without a server, to see whether each can work. */
public final class BackendExamination {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final ComponentLoader loader;

  /** Makes an examination that finds providers with this loader. */
  public BackendExamination(ComponentLoader loader) {
    this.loader = loader;
  }

  /**
   * Makes and tries each backend, with up to 20 seconds for each, and lets go of it.
   *
   * @return what came of it, by the backend's name
   * @throws ConfigException with everything that is wrong in the settings, each with its line
   */
  public Map<String, CheckResult> examine(LoadedConfig loaded) {
    ExecutorService executor = ServerAssembly.daemons();
    ComponentFactory factory =
        new ComponentFactory(loader, loaded.secrets(), executor, new SecureRandom());
    Map<String, CheckResult> results = new LinkedHashMap<>();
    try {
      loaded
          .config()
          .backends()
          .forEach(
              (name, backend) ->
                  made(factory, name, backend).ifPresent(it -> results.put(name, tried(it))));
      loaded.raise(factory.problems());
      return results;
    } finally {
      factory.discard();
      executor.shutdown();
    }
  }

  private static Optional<KeyBackend> made(
      ComponentFactory factory, String name, EkmServerConfig.Backend backend) {
    return factory.make(
        "backends." + name,
        backend.component(),
        KeyBackendProvider.class,
        KeyBackendProvider::create);
  }

  private static CheckResult tried(KeyBackend backend) {
    return backend.check(Deadline.after(LIMIT, NanoClock.system()));
  }
}
