// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.openekm.api.NanoClock;
import org.openekm.core.admin.ApprovalPolicy;
import org.openekm.core.backend.ResilienceConfig;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.core.wire.WireProfile;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.audit.AuditSink;
import org.openekm.spi.auth.TokenVerifier;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.spi.store.MetadataStore;

/**
 * Collects the parts of an {@link EkmEngine}. A store, an audit sink and at least one backend are
 * required; everything else has a default. Not thread-safe.
 *
 * <p>The engine owns the store, the sink and the backends, and closes them. Executor and scheduler
 * stay their owner's; those that the engine makes for want of better it stops itself.
 */
public final class EkmEngineBuilder {

  final Map<String, GuardedBackend> backends = new LinkedHashMap<>();
  @Nullable MetadataStore store;
  @Nullable AuditSink auditSink;
  @Nullable TokenVerifier tokenVerifier;
  @Nullable SSLContext identityDomainTls;
  @Nullable Executor executor;
  @Nullable ScheduledExecutorService scheduler;
  ApprovalPolicy approvals = ApprovalPolicy.none();
  PolicyEngine policyEngine = new RulePolicyEngine();
  WireProfile wireProfile = WireProfile.builtIn("oci-default");
  @Nullable EngineConfig config;
  EkmListener listener = new EkmListener() {};
  InstantSource clock = InstantSource.system();
  NanoClock nanoClock = NanoClock.system();
  SecureRandom random = new SecureRandom();
  String nodeName = "node";
  Duration canaryInterval = Duration.ofSeconds(60);
  SecretResolver secrets =
      reference -> {
        throw new SecretUnavailableException(
            reference, "can't be read: the engine has no secret resolver", null);
      };

  record GuardedBackend(KeyBackend backend, ResilienceConfig resilience) {}

  EkmEngineBuilder() {}

  /** Sets where vaults and keys are written down. Required. */
  public EkmEngineBuilder store(MetadataStore value) {
    store = value;
    return this;
  }

  /** Sets where calls and changes are recorded. Required. */
  public EkmEngineBuilder auditSink(AuditSink value) {
    auditSink = value;
    return this;
  }

  /**
   * Adds a backend whose calls are handed to the executor, so that a device that hangs can't hold a
   * request beyond its deadline.
   *
   * @param name the name by which vaults choose it
   */
  public EkmEngineBuilder backend(String name, KeyBackend backend) {
    return backend(name, backend, ResilienceConfig.defaults(ResilienceConfig.Threading.POOL));
  }

  /**
   * Adds a backend with protection of its own.
   *
   * @param name the name by which vaults choose it
   * @throws IllegalArgumentException if another backend has the name
   */
  public EkmEngineBuilder backend(String name, KeyBackend backend, ResilienceConfig resilience) {
    if (backends.putIfAbsent(name, new GuardedBackend(backend, resilience)) != null) {
      throw new IllegalArgumentException("two backends are named " + name);
    }
    return this;
  }

  /** Replaces the check of JSON Web Tokens by another one. */
  public EkmEngineBuilder tokenVerifier(TokenVerifier value) {
    tokenVerifier = value;
    return this;
  }

  /** Sets which certificates of identity domains are trusted; Java's default unless set. */
  public EkmEngineBuilder identityDomainTls(SSLContext value) {
    identityDomainTls = value;
    return this;
  }

  /** Sets who reads policies; the rule engine unless set. */
  public EkmEngineBuilder policyEngine(PolicyEngine value) {
    policyEngine = value;
    return this;
  }

  /** Sets the names and texts of the wire; {@code oci-default} unless set. */
  public EkmEngineBuilder wireProfile(WireProfile value) {
    wireProfile = value;
    return this;
  }

  /**
   * Sets the numbers; {@link EngineConfig#defaults()} with the limits of the wire profile unless
   * set.
   */
  public EkmEngineBuilder config(EngineConfig value) {
    config = value;
    return this;
  }

  /** Sets what several people must approve; nothing unless set. */
  public EkmEngineBuilder approvals(ApprovalPolicy value) {
    approvals = value;
    return this;
  }

  /** Sets who hears of what happens. One that throws, though it must not, does no harm. */
  public EkmEngineBuilder listener(EkmListener value) {
    listener = new HarmlessListener(value);
    return this;
  }

  /** Sets where secrets come from; needed for protected token keys only. */
  public EkmEngineBuilder secrets(SecretResolver value) {
    secrets = value;
    return this;
  }

  /**
   * Sets how often a known ciphertext is decrypted under every key version in use, to notice a key
   * that was lost in its device before OCI does; zero for never. 60 seconds unless set.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public EkmEngineBuilder canaryInterval(Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException("canaryInterval must be zero or more");
    }
    canaryInterval = value;
    return this;
  }

  /**
   * Sets the name by which operators know this node among others on the same store; {@code node}
   * unless set.
   */
  public EkmEngineBuilder nodeName(String value) {
    nodeName = value;
    return this;
  }

  /** Sets the wall clock; the system's unless set. */
  public EkmEngineBuilder clock(InstantSource value) {
    clock = value;
    return this;
  }

  /** Sets the monotonic clock; the system's unless set. */
  public EkmEngineBuilder nanoClock(NanoClock value) {
    nanoClock = value;
    return this;
  }

  /** Sets the source of randomness for request ids and for random bytes that no device makes. */
  public EkmEngineBuilder random(SecureRandom value) {
    random = value;
    return this;
  }

  /**
   * Sets what runs blocking background work: audit writing, store queries, fetches of token keys,
   * calls of backends. It must start tasks at once, not queue them behind others; a cached thread
   * pool of daemon threads unless set.
   */
  public EkmEngineBuilder executor(Executor value) {
    executor = value;
    return this;
  }

  /** Sets the timer; a single daemon thread unless set. */
  public EkmEngineBuilder scheduler(ScheduledExecutorService value) {
    scheduler = value;
    return this;
  }

  EngineConfig effectiveConfig() {
    if (config != null) {
      return config;
    }
    EngineConfig usual = EngineConfig.defaults();
    return new EngineConfig(
        usual.stalenessBound(),
        usual.pollInterval(),
        usual.audit(),
        usual.tokens(),
        wireProfile.limits());
  }

  /**
   * Makes the engine: loads the catalog, and writes the start to the audit, which proves that it
   * can be written.
   *
   * @throws IllegalStateException if a required part is missing; all of them are named
   * @throws org.openekm.spi.store.StoreException if the store can't be read
   * @throws org.openekm.api.EkmException if the audit can't be written
   */
  public EkmEngine build() {
    StringBuilder missing = new StringBuilder();
    if (store == null) {
      missing.append(" store");
    }
    if (auditSink == null) {
      missing.append(" auditSink");
    }
    if (backends.isEmpty()) {
      missing.append(" backend");
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException("the engine needs:" + missing);
    }
    return new EkmEngine(this);
  }
}
