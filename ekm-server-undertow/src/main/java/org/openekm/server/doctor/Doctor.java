// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.doctor;

import java.net.URI;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.openekm.core.auth.ExaminationStep;
import org.openekm.core.auth.ExaminedIssuer;
import org.openekm.server.EkmServerConfig;
import org.openekm.server.config.BackendExamination;
import org.openekm.server.config.ConfigException;
import org.openekm.server.config.LoadedConfig;
import org.openekm.server.config.StoreExamination;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.TlsException;
import org.openekm.server.http.TrustedCertificates;
import org.openekm.spi.CheckResult;
import org.openekm.spi.ComponentLoader;
import org.openekm.spi.store.IssuerRecord;

/**
 * Examines a set-up, part after part, and collects what was found. A part that can't be looked at
 * never keeps the next ones from being looked at. Not thread-safe.
 */
public final class Doctor {

  private static final String ANY_VAULT = "/vaults/00000000-0000-0000-0000-000000000000";

  private final LoadedConfig loaded;
  private final EkmServerConfig config;
  private final ComponentLoader loader;
  private final InstantSource clock;
  private final List<Finding> findings = new ArrayList<>();
  private Setup setup = Setup.none();
  private Optional<DomainChecks> domains = Optional.empty();

  /** Makes a doctor for a configuration that was read. */
  public Doctor(LoadedConfig loaded, ComponentLoader loader, InstantSource clock) {
    this.loaded = loaded;
    this.config = loaded.config();
    this.loader = loader;
    this.clock = clock;
    findings.add(Finding.ok("configuration", loaded.file() + " is complete and well-formed"));
  }

  /** Returns what was found until now. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Looks at certificate and disks. */
  public void examineFiles() {
    findings.addAll(new CertificateChecks(config.endpoint(), loaded.secrets(), clock).findings());
    findings.addAll(new DiskChecks(config).findings());
  }

  /** Opens store and backends as a server would, because none is running. */
  public void examineParts() {
    StoreExamination.Result store = store();
    findings.add(result("store", store.check()));
    store.content().ifPresent(content -> setup = Setup.of(content));
    try {
      new BackendExamination(loader)
          .examine(loaded)
          .forEach((name, result) -> findings.add(result("backend " + name, result)));
    } catch (ConfigException e) {
      findings.add(unusable("backends", e));
    }
  }

  /** Notes that no server answers, and why. */
  public void notRunning(String reason) {
    findings.add(
        Finding.warning(
            "server", reason, "fine before the first start; without it some checks are left out"));
  }

  /** Takes over what a running server says of its parts and of what is set up. */
  public void examined(Map<String, CheckResult> parts, Setup known) {
    parts.forEach(
        (name, result) -> findings.add(result(name.replace("backend.", "backend "), result)));
    setup = known;
  }

  /** Tries the identity domains of all issuers. */
  public void examineDomains() {
    try {
      DomainChecks checks =
          new DomainChecks(domainTrust(), config.tokens(), loaded.secrets(), clock);
      checks.look(setup.issuers());
      findings.addAll(checks.findings());
      domains = Optional.of(checks);
      if (setup.issuers().isEmpty()) {
        findings.add(
            Finding.warning(
                "issuers",
                "no identity domain is set up yet",
                "add the one of OCI: ekm issuer add"));
      }
    } catch (TlsException e) {
      findings.add(Finding.failed("issuers", String.valueOf(e.getMessage())));
    }
  }

  /**
   * Calls the addresses that OCI calls.
   *
   * @param caBundle the certificates that OCI was given, if not the end of the server's own chain
   */
  public void examineReach(Optional<Path> caBundle, boolean serverRuns) {
    Optional<SSLContext> trust = endpointTrust(caBundle);
    if (trust.isEmpty()) {
      return;
    }
    ReachChecks checks = new ReachChecks(trust.get(), serverRuns);
    EndpointConfig endpoint = config.endpoint();
    Optional<String> own = endpoint.url().map(URI::create).map(URI::getRawAuthority);
    Map<String, URI> places = new LinkedHashMap<>();
    endpoint
        .url()
        .ifPresent(
            url ->
                places.put(
                    own.orElse(""),
                    URI.create(url + endpoint.mounts().get(0) + ANY_VAULT + "/metadata")));
    for (Setup.Vault vault : setup.vaults()) {
      URI url = URI.create(vault.url() + "/metadata");
      places.putIfAbsent(url.getRawAuthority(), url);
    }
    places.forEach((authority, url) -> checks.call(url, own.equals(Optional.of(authority))));
    findings.addAll(checks.findings());
  }

  /**
   * Explains what a server would think of a token.
   *
   * @param vaultName the vault that it is for; absent if there is only one
   */
  public void examineToken(String token, Optional<String> vaultName) {
    List<Setup.Vault> vaults =
        setup.vaults().stream()
            .filter(vault -> vaultName.isEmpty() || vaultName.get().equals(vault.name()))
            .toList();
    Optional<IssuerRecord> issuer =
        vaults.size() == 1 ? setup.issuerOf(vaults.get(0)) : Optional.empty();
    if (issuer.isEmpty()) {
      findings.add(
          Finding.failed(
              "token",
              "there "
                  + (vaults.size() == 1
                      ? "is no issuer for its vault"
                      : "are " + vaults.size() + " vaults that it could be for"),
              "name the vault by --vault; ekm vault list shows them"));
      return;
    }
    String compact = token.strip().replaceFirst("^Bearer\\s+", "");
    domains
        .map(checks -> checks.examined(issuer.get()))
        .orElseGet(() -> ExaminedIssuer.unseen(issuer.get()))
        .explain(compact, vaults.get(0).access(), clock.instant(), config.tokens().clockSkew())
        .forEach((ExaminationStep step) -> findings.add(Finding.of(step.check(), step)));
  }

  private StoreExamination.Result store() {
    try {
      return new StoreExamination(loader).examine(loaded);
    } catch (ConfigException e) {
      return new StoreExamination.Result(
          CheckResult.failed(String.valueOf(e.getMessage())), Optional.empty());
    }
  }

  private static Finding result(String check, CheckResult result) {
    return result.healthy()
        ? Finding.ok(check, result.message())
        : Finding.failed(check, result.message());
  }

  private static Finding unusable(String check, ConfigException e) {
    return Finding.failed(
        check, String.valueOf(e.getMessage()), "correct the settings or what they point to");
  }

  private SSLContext domainTrust() {
    return config
        .tokens()
        .keys()
        .trustedCertificates()
        .map(TrustedCertificates::context)
        .orElseGet(Doctor::systemTrust);
  }

  private static SSLContext systemTrust() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no default TLS context", e);
    }
  }

  private Optional<SSLContext> endpointTrust(Optional<Path> caBundle) {
    try {
      if (caBundle.isPresent()) {
        return caBundle.map(TrustedCertificates::context);
      }
      Optional<List<X509Certificate>> chain =
          CertificateChecks.chain(config.endpoint(), loaded.secrets());
      return Optional.of(
          chain
              .map(
                  it ->
                      TrustedCertificates.context(
                          loaded.file(), it.subList(it.size() - 1, it.size())))
              .orElseGet(Doctor::systemTrust));
    } catch (TlsException e) {
      findings.add(Finding.failed("ca bundle", String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }
}
