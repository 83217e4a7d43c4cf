// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import io.undertow.server.HttpHandler;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.SecretBytes;
import org.openekm.core.EkmEngine;
import org.openekm.core.EkmEngineBuilder;
import org.openekm.core.EngineConfig;
import org.openekm.core.admin.ApprovalPolicy;
import org.openekm.core.auth.TokenCheckConfig;
import org.openekm.core.backend.ResilienceConfig;
import org.openekm.core.wire.WireLimits;
import org.openekm.core.wire.WireProfile;
import org.openekm.server.EkmServer;
import org.openekm.server.EkmServerBuilder;
import org.openekm.server.EkmServerConfig;
import org.openekm.server.http.TlsConfig;
import org.openekm.server.http.TlsContext;
import org.openekm.server.http.TlsException;
import org.openekm.server.http.TrustedCertificates;
import org.openekm.server.metrics.ServerMetrics;
import org.openekm.spi.ComponentLoader;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditSink;
import org.openekm.spi.audit.AuditSinkProvider;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.KeyBackendProvider;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.spi.policy.PolicyEngineProvider;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.MetadataStoreProvider;

/**
 * Puts a server together from its configuration. Stores, backends, sinks and policy engines are
 * used only if the configuration names them; where each came from is logged and audited.
 */
public final class ServerAssembly {

  private static final int MAX_DEPTH = 16;

  private final ComponentLoader loader;
  private final AdminHandlerFactory management;

  /**
   * Makes an assembly.
   *
   * @param loader finds providers
   * @param management makes the handler of management requests
   */
  public ServerAssembly(ComponentLoader loader, AdminHandlerFactory management) {
    this.loader = loader;
    this.management = management;
  }

  /** What the parts of one server share. */
  private record Shared(
      LoadedConfig loaded,
      EkmServerConfig config,
      ComponentFactory factory,
      ServerMetrics metrics,
      EkmListener listener,
      ExecutorService executor,
      SecureRandom random) {}

  /** The exchangeable parts, all of them there. */
  private record Parts(
      MetadataStore store, AuditSink sink, PolicyEngine policy, Map<String, Backend> backends) {}

  private record Backend(KeyBackend device, ResilienceConfig resilience) {}

  /**
   * Makes the server and everything behind it; it is not started yet. Stopping it closes
   * everything.
   *
   * @throws ConfigException with everything that is wrong, each with its line
   */
  public EkmServer assemble(LoadedConfig loaded) {
    ExecutorService executor = daemons();
    SecureRandom random = new SecureRandom();
    ServerMetrics metrics = new ServerMetrics();
    Shared shared =
        new Shared(
            loaded,
            loaded.config(),
            new ComponentFactory(loader, loaded.secrets(), executor, random),
            metrics,
            new LoggingEkmListener(metrics.listener()),
            executor,
            random);
    try {
      return server(shared, engine(shared));
    } catch (RuntimeException e) {
      shared.factory().discard();
      executor.shutdown();
      metrics.close();
      throw e;
    }
  }

  private static EkmEngine engine(Shared shared) {
    checkTls(shared);
    Optional<WireProfile> profile = checked(shared, "wire", () -> profile(shared));
    Optional<EngineConfig> numbers = checked(shared, "wire", () -> numbers(shared.config()));
    Optional<Optional<SSLContext>> trust = trust(shared);
    Optional<Parts> parts = parts(shared);
    shared.loaded().raise(shared.factory().problems());
    EkmEngineBuilder builder =
        EkmEngine.builder()
            .store(parts.orElseThrow().store())
            .auditSink(parts.orElseThrow().sink())
            .policyEngine(parts.orElseThrow().policy())
            .approvals(
                shared
                    .config()
                    .admin()
                    .map(EkmServerConfig.Admin::approvals)
                    .orElseGet(ApprovalPolicy::none))
            .wireProfile(profile.orElseThrow())
            .config(numbers.orElseThrow())
            .listener(shared.listener())
            .secrets(shared.loaded().secrets())
            .random(shared.random())
            .nodeName(shared.config().store().nodeName())
            .canaryInterval(shared.config().canaryInterval())
            .executor(shared.executor());
    trust.orElseThrow().ifPresent(builder::identityDomainTls);
    parts
        .orElseThrow()
        .backends()
        .forEach((name, backend) -> builder.backend(name, backend.device(), backend.resilience()));
    return started(shared, builder);
  }

  /**
   * The first event in the audit is the start itself: a server that can't record it must not run.
   */
  private static EkmEngine started(Shared shared, EkmEngineBuilder builder) {
    try {
      EkmEngine engine = builder.build();
      recordOrigins(shared, engine);
      return engine;
    } catch (EkmException e) {
      String field = e.code() == EkmErrorCode.AUDIT_UNAVAILABLE ? "audit" : "store";
      shared
          .factory()
          .problem(
              new ConfigurationProblem(
                  field,
                  "can't be used for the start: " + e.safeDetail(),
                  "check that its disk or server is there and quick, then start again"));
      shared.loaded().raise(shared.factory().problems());
      throw e;
    }
  }

  private static void recordOrigins(Shared shared, EkmEngine engine) {
    try {
      shared.factory().origins().forEach((field, origin) -> record(engine, field, origin));
    } catch (EkmException e) {
      engine.close();
      throw e;
    }
  }

  private static void record(EkmEngine engine, String field, String origin) {
    engine.record(
        AuditEvent.builder(Instant.now(), "server.part")
            .actor("server")
            .detail("part", field)
            .detail("provider", origin)
            .build());
  }

  private static Optional<Parts> parts(Shared shared) {
    ComponentFactory factory = shared.factory();
    EkmServerConfig config = shared.config();
    Optional<MetadataStore> store =
        factory.make(
            "store",
            config.store().component(),
            MetadataStoreProvider.class,
            MetadataStoreProvider::create);
    Optional<AuditSink> sink =
        factory.make(
            "audit",
            config.audit().component(),
            AuditSinkProvider.class,
            AuditSinkProvider::create);
    Optional<PolicyEngine> policy =
        factory.make(
            "policy", config.policy(), PolicyEngineProvider.class, PolicyEngineProvider::create);
    Map<String, Backend> backends = new LinkedHashMap<>();
    config
        .backends()
        .forEach(
            (name, backend) ->
                factory
                    .make(
                        "backends." + name,
                        backend.component(),
                        KeyBackendProvider.class,
                        KeyBackendProvider::create)
                    .ifPresent(
                        made -> backends.put(name, new Backend(made, backend.resilience()))));
    if (store.isEmpty() || sink.isEmpty() || policy.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Parts(store.get(), sink.get(), policy.get(), backends));
  }

  private EkmServer server(Shared shared, EkmEngine engine) {
    EkmServerConfig config = shared.config();
    try {
      EkmServerBuilder builder =
          EkmServer.builder()
              .engine(engine)
              .listenOn(config.endpoint())
              .listener(shared.listener())
              .secrets(shared.loaded().secrets())
              .shutdownTimeout(config.shutdownTimeout())
              .onStop(
                  () -> {
                    engine.close();
                    shared.executor().shutdown();
                    shared.metrics().close();
                  });
      config
          .admin()
          .ifPresent(
              admin -> {
                builder.administerOn(admin.listener());
                if (admin.metrics()) {
                  builder.metrics(shared.metrics());
                }
                handler(shared, admin, engine).ifPresent(builder::adminHandler);
              });
      shared.loaded().raise(shared.factory().problems());
      return builder.build();
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private Optional<HttpHandler> handler(
      Shared shared, EkmServerConfig.Admin admin, EkmEngine engine) {
    if (admin.credential().isEmpty()) {
      return Optional.empty();
    }
    try (SecretBytes credential = shared.loaded().secrets().resolve(admin.credential().get())) {
      return Optional.of(management.create(engine, credential));
    } catch (IllegalArgumentException e) {
      shared
          .factory()
          .problem(
              new ConfigurationProblem(
                  "admin.credential", String.valueOf(e.getMessage()), "make a longer one"));
      return Optional.empty();
    }
  }

  /**
   * Reads the TLS files once just to find out whether they can be used, so that this is told
   * together with all else.
   */
  private static void checkTls(Shared shared) {
    checkTls(shared, "endpoint.tls", shared.config().endpoint().listener().tls());
    shared
        .config()
        .admin()
        .ifPresent(admin -> checkTls(shared, "admin.tls", admin.listener().tls()));
  }

  private static void checkTls(Shared shared, String field, Optional<TlsConfig> tls) {
    if (tls.isEmpty()) {
      return;
    }
    try {
      TlsContext.requireUsable(tls.get(), shared.loaded().secrets(), InstantSource.system());
    } catch (TlsException e) {
      shared
          .factory()
          .problem(
              new ConfigurationProblem(
                  field, "can't be used: " + e.getMessage(), "ekm init makes a pair that works"));
    }
  }

  private static Optional<Optional<SSLContext>> trust(Shared shared) {
    Optional<Path> file = shared.config().tokens().keys().trustedCertificates();
    try {
      return Optional.of(file.map(TrustedCertificates::context));
    } catch (TlsException e) {
      shared
          .factory()
          .problem(
              new ConfigurationProblem(
                  "tokens.keys.trusted-certificates",
                  String.valueOf(e.getMessage()),
                  "give a PEM file with the certificates of the authorities"));
      return Optional.empty();
    }
  }

  private static <T> Optional<T> checked(Shared shared, String field, Supplier<T> maker) {
    try {
      return Optional.of(maker.get());
    } catch (InvalidConfigurationException e) {
      e.problems().forEach(problem -> shared.factory().problem(problem.under(field)));
      return Optional.empty();
    }
  }

  private static WireProfile profile(Shared shared) {
    String name = shared.config().wire().profile();
    if (name.endsWith(".json")) {
      return WireProfile.load(shared.loaded().file().resolveSibling(name));
    }
    return WireProfile.builtIn(name);
  }

  private static EngineConfig numbers(EkmServerConfig config) {
    EkmServerConfig.Wire wire = config.wire();
    return new EngineConfig(
        config.store().stalenessBound(),
        config.store().pollInterval(),
        config.audit().log(),
        tokens(config.tokens()),
        new WireLimits(
            config.endpoint().listener().limits().request().bodyBytes(),
            wire.maxPlaintextBytes(),
            wire.maxAadBytes(),
            wire.maxRandomBytes(),
            MAX_DEPTH));
  }

  private static TokenCheckConfig tokens(EkmServerConfig.Tokens tokens) {
    EkmServerConfig.TokenKeys keys = tokens.keys();
    return TokenCheckConfig.builder()
        .clockSkew(tokens.clockSkew())
        .cacheSize(tokens.cacheSize())
        .maxTokenLength(tokens.maxTokenLength())
        .refreshInterval(keys.refreshInterval())
        .staleBound(keys.staleBound())
        .unknownKeyInterval(keys.unknownKeyInterval())
        .fetchTimeout(keys.fetchTimeout())
        .allowLoopbackHttp(keys.allowLoopbackHttp())
        .build();
  }

  static ExecutorService daemons() {
    AtomicInteger number = new AtomicInteger();
    return Executors.newCachedThreadPool(
        task -> {
          Thread thread = new Thread(task, "ekm-background-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
