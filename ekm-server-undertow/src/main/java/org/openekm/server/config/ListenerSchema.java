// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.openekm.core.backend.ResilienceConfig;
import org.openekm.server.EkmServerConfig;
import org.openekm.server.http.HttpLimits;
import org.openekm.server.http.TlsConfig;
import org.openekm.spi.SecretReference;

/** The settings that occur in several places, or are a part's finer adjustment. */
final class ListenerSchema {

  private ListenerSchema() {}

  /** What the admin listener's TLS has beside the endpoint's: certificates of clients. */
  private enum ClientCertificates {
    OPTIONAL,
    REQUIRED
  }

  static Optional<TlsConfig> adminTls(Section section) {
    Optional<Path> authorities =
        section.file(
            "client-authorities",
            "PEM file with the authorities whose client certificates are accepted, for administrators who prove by a certificate who they are. Read at the start. Without it none are asked for.");
    ClientCertificates certificates =
        section.choice(
            "client-certificates",
            ClientCertificates.OPTIONAL,
            "Whether a client must show a certificate: optional lets others in who have a credential, required lets nobody else even connect, health checks included.");
    if (section.has("client-certificates") && !section.has("client-authorities")) {
      section.problem(
          "client-authorities", "is missing", "name the authorities whose certificates to accept");
    }
    if (section.has("client-authorities")
        && !section.has("certificate")
        && !section.has("keystore")) {
      section.problem(
          "client-authorities",
          "needs TLS of the server's own",
          "give certificate and key, or keystore");
    }
    return tls(section)
        .map(
            own ->
                new TlsConfig(
                    own.source(),
                    own.reloadInterval(),
                    authorities.map(
                        file ->
                            new TlsConfig.Clients(
                                file, certificates == ClientCertificates.REQUIRED))));
  }

  static Optional<TlsConfig> tls(Section section) {
    Optional<Path> certificate =
        section.file(
            "certificate",
            "PEM file: the server's own certificate first, then the chain. RSA is the safe choice for OCI.");
    Optional<Path> key =
        section.file(
            "key", "PEM file with the private key, PKCS#8 or PKCS#1, that not everybody may read.");
    Optional<SecretReference> keyPassword =
        section.secret("key-password", "The password of the private key if it is encrypted.");
    Optional<Path> keystore =
        section.file(
            "keystore", "PKCS#12 file with key and chain, instead of certificate and key.");
    Optional<SecretReference> password =
        section.secret("keystore-password", "The password of the keystore.");
    Duration interval =
        section.duration(
            "reload-interval",
            "10s",
            "1s",
            "1d",
            "How often the files are looked at for a change; new ones are taken without closing connections.");
    section.finish();
    if (section.has("certificate") && section.has("keystore")) {
      section.problem("keystore", "stands beside certificate", "keep one of the two");
    }
    if (section.has("certificate") != section.has("key")) {
      section.problem(
          section.has("key") ? "certificate" : "key",
          "is missing",
          "give both certificate and key, or a keystore");
    }
    if (section.has("keystore") && password.isEmpty() && !section.has("keystore-password")) {
      section.problem(
          "keystore-password", "is missing", "give the keystore's password as ${file:PATH}");
    }
    if (certificate.isPresent() && key.isPresent()) {
      return Optional.of(
          new TlsConfig(new TlsConfig.Pem(certificate.get(), key.get(), keyPassword), interval));
    }
    if (keystore.isPresent() && password.isPresent()) {
      return Optional.of(
          new TlsConfig(new TlsConfig.Pkcs12(keystore.get(), password.get()), interval));
    }
    return Optional.empty();
  }

  static HttpLimits limits(Section section) {
    HttpLimits usual = HttpLimits.defaults();
    HttpLimits limits =
        new HttpLimits(
            new HttpLimits.Request(
                section.integer(
                    "body",
                    usual.request().bodyBytes(),
                    1024,
                    16_777_216,
                    "The largest body in bytes."),
                section.integer(
                    "header",
                    usual.request().headerBytes(),
                    1024,
                    1_048_576,
                    "The largest request line with all headers in bytes."),
                section.integer(
                    "headers",
                    usual.request().headers(),
                    8,
                    1000,
                    "The largest number of headers.")),
            connections(section, usual.connections()),
            work(section, usual.work()));
    section.finish();
    return limits;
  }

  private static HttpLimits.Connections connections(Section section, HttpLimits.Connections usual) {
    return new HttpLimits.Connections(
        section.integer(
            "connections", usual.total(), 1, 100_000, "The largest number of open connections."),
        section.integer(
            "connections-per-address",
            usual.perAddress(),
            1,
            100_000,
            "The largest number of open connections from one address."),
        section.duration(
            "header-timeout",
            "5s",
            "100ms",
            "5m",
            "How long the headers of one request may take to arrive."),
        section.duration(
            "idle-timeout",
            "75s",
            "1s",
            "1h",
            "How long a connection may stay open without a request."));
  }

  private static HttpLimits.Work work(Section section, HttpLimits.Work usual) {
    return new HttpLimits.Work(
        section.integer(
            "workers", usual.threads(), 1, 10_000, "How many requests are worked on at once."),
        section.integer(
            "queue",
            usual.queue(),
            1,
            1_000_000,
            "How many requests may wait for a worker; more are answered 503."),
        section.duration(
            "queue-wait",
            "250ms",
            "1ms",
            "30s",
            "A request that has waited longer than this for a worker is answered 503 without any work."),
        section.integer(
            "requests-per-second",
            usual.requestsPerSecond(),
            0,
            1_000_000,
            "How many requests one address may send per second on average; more are answered 429. 0 for no limit."));
  }

  static ResilienceConfig resilience(Section section, String type) {
    // The software backend only computes, and the pkcs11 backend has threads of its own: handing a
    // call over once more would cost time for nothing.
    ResilienceConfig.Threading usual =
        type.equals("software") || type.equals("pkcs11")
            ? ResilienceConfig.Threading.CALLER
            : ResilienceConfig.Threading.POOL;
    ResilienceConfig.Threading threading =
        section.choice(
            "threading",
            usual,
            "caller runs the backend on the request's thread, for what only computes or gives up in time by itself (the default of software and pkcs11); pool hands over"
                + " to another thread, so that a device that hangs can't hold a request (the default of all others).");
    ResilienceConfig defaults = ResilienceConfig.defaults(threading);
    ResilienceConfig config =
        new ResilienceConfig(
            threading,
            section.integer(
                "max-calls", defaults.maxConcurrentCalls(), 1, 10_000, "The most calls at once."),
            section.duration("timeout", "600ms", "10ms", "60s", "The longest time for one call."),
            section.duration("slow-call", "400ms", "1ms", "60s", "Calls this long count as slow."),
            section.integer(
                "failure-rate",
                defaults.failureRatePercent(),
                1,
                100,
                "The share of failed or slow calls, in percent, that makes the server stop calling the backend for a while."),
            section.integer(
                "window",
                defaults.windowSize(),
                1,
                10_000,
                "Over how many of the latest calls the share is taken."),
            defaults.minimumCalls(),
            section.duration(
                "open-time", "1s", "10ms", "5m", "How long the backend is left alone then."),
            defaults.trialCalls());
    section.finish();
    return config;
  }

  static EkmServerConfig.TokenKeys tokenKeys(Section section) {
    EkmServerConfig.TokenKeys keys =
        new EkmServerConfig.TokenKeys(
            section.duration(
                "refresh", "5m", "1s", "1d", "How often the keys of each issuer are fetched."),
            section.duration(
                "stale-bound",
                "24h",
                "1m",
                "7d",
                "For how long the last good keys serve while they can't be fetched."),
            section.duration(
                "unknown-key-interval",
                "30s",
                "1s",
                "1h",
                "A token with an unknown key causes a fetch at most once in this time."),
            section.duration(
                "fetch-timeout", "10s", "10ms", "60s", "For one request to the identity domain."),
            section.file(
                "trusted-certificates",
                "PEM file with the certificates of the authorities that identity domains are trusted by; Java's own without it."),
            section.flag(
                "allow-loopback-http",
                false,
                "Allows plain HTTP to this very machine, for tests and demonstrations."));
    section.finish();
    return keys;
  }
}
