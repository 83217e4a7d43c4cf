// SPDX-License-Identifier: Apache-2.0
package org.openekm.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.openekm.core.admin.ApprovalPolicy;
import org.openekm.core.audit.AuditLogConfig;
import org.openekm.core.backend.ResilienceConfig;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.ListenerConfig;
import org.openekm.spi.SecretReference;

/**
 * Everything that a standalone server is told. No secrets in it, only references to them.
 *
 * @param endpoint the listener that OCI calls
 * @param admin the listener for management, health and metrics
 * @param store where vaults and keys are written down
 * @param backends where key material is, by the names that vaults use
 * @param audit where calls and changes are recorded
 * @param policy what reads policies
 * @param wire the names, texts and sizes of requests
 * @param tokens how tokens and their keys are handled
 * @param canaryInterval how often every key version is tried; zero for never
 * @param shutdownTimeout how long running requests may take to end when the server stops
 */
public record EkmServerConfig(
    EndpointConfig endpoint,
    Optional<Admin> admin,
    Store store,
    Map<String, Backend> backends,
    Audit audit,
    Component policy,
    Wire wire,
    Tokens tokens,
    Duration canaryInterval,
    Duration shutdownTimeout) {

  /** Keeps the backends in their order. */
  public EkmServerConfig {
    backends = Collections.unmodifiableMap(new LinkedHashMap<>(backends));
  }

  /**
   * An exchangeable part.
   *
   * @param type the name of its provider
   * @param settings the provider's own settings, flat under dotted keys
   */
  public record Component(String type, Map<String, String> settings) {

    /** Copies the settings. */
    public Component {
      settings = Map.copyOf(settings);
    }
  }

  /**
   * The listener for management, health and metrics.
   *
   * @param listener address, TLS and limits
   * @param metrics true to answer {@code /metrics}
   * @param credential the credential that may do everything; absent to offer health and metrics
   *     only
   * @param loginFailures how many wrong credentials one address may send per minute; 0 for no limit
   * @param approvals what several people must approve
   */
  public record Admin(
      ListenerConfig listener,
      boolean metrics,
      Optional<SecretReference> credential,
      int loginFailures,
      ApprovalPolicy approvals) {}

  /**
   * Where vaults and keys are written down.
   *
   * @param component the store
   * @param stalenessBound how old the view of a shared store may be
   * @param pollInterval how often a shared store is asked for news
   * @param nodeName this server's name among others on the same store
   */
  public record Store(
      Component component, Duration stalenessBound, Duration pollInterval, String nodeName) {}

  /**
   * A place where key material is.
   *
   * @param component the backend
   * @param resilience how it is protected from its device
   */
  public record Backend(Component component, ResilienceConfig resilience) {}

  /**
   * Where calls and changes are recorded.
   *
   * @param component the sink
   * @param log how long a call waits for its record, and how many may wait
   */
  public record Audit(Component component, AuditLogConfig log) {}

  /**
   * The names, texts and sizes of requests.
   *
   * @param profile a built-in profile's name, or the path of a profile file if it ends in {@code
   *     .json}
   * @param maxPlaintextBytes the largest plaintext or ciphertext
   * @param maxAadBytes the largest additional authenticated data
   * @param maxRandomBytes the most random bytes per call
   */
  public record Wire(String profile, int maxPlaintextBytes, int maxAadBytes, int maxRandomBytes) {}

  /**
   * How tokens and their keys are handled.
   *
   * @param clockSkew by how much the identity domain's clock may differ
   * @param cacheSize how many checked tokens are remembered
   * @param maxTokenLength the longest token in characters
   * @param keys how the keys of issuers are fetched
   */
  public record Tokens(Duration clockSkew, int cacheSize, int maxTokenLength, TokenKeys keys) {}

  /**
   * How the keys of issuers are fetched.
   *
   * @param refreshInterval how often
   * @param staleBound for how long the last good keys serve while fetching fails
   * @param unknownKeyInterval at most once in this time does a token with an unknown key cause a
   *     fetch
   * @param fetchTimeout for one request to the identity domain
   * @param trustedCertificates PEM file with the certificates of the authorities that identity
   *     domains are trusted by; absent for Java's own
   * @param allowLoopbackHttp true to allow plain HTTP to this very host, for tests and
   *     demonstrations
   */
  public record TokenKeys(
      Duration refreshInterval,
      Duration staleBound,
      Duration unknownKeyInterval,
      Duration fetchTimeout,
      Optional<Path> trustedCertificates,
      boolean allowLoopbackHttp) {}
}
