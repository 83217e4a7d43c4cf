// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openekm.core.audit.AuditLogConfig;
import org.openekm.core.backend.ResilienceConfig;
import org.openekm.server.EkmServerConfig;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.ListenerConfig;

/**
 * The one definition of the configuration file: every setting with its type, default, range and
 * description.
 */
final class ConfigSchema {

  private static final Pattern MOUNT = Pattern.compile("(/[A-Za-z0-9._~-]+)+");
  private static final Pattern INSTANCE = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private ConfigSchema() {}

  /** Reads the whole file. Problems go to the reading; with any, the result must not be used. */
  static EkmServerConfig read(Section root) {
    EkmServerConfig config =
        new EkmServerConfig(
            endpoint(root.section("endpoint")),
            admin(root.section("admin")),
            store(root.section("store")),
            backends(root),
            audit(root.section("audit")),
            policy(root.section("policy")),
            wire(root.section("wire")),
            tokens(root.section("tokens")),
            root.duration(
                "canary-interval",
                "60s",
                "0s",
                "1d",
                "How often a known ciphertext is decrypted under every key version in use, on every device, to notice a lost key before OCI does; 0s for never."),
            root.duration(
                "shutdown-timeout",
                "10s",
                "0s",
                "5m",
                "How long running requests may take to end when the server stops."));
    root.finish();
    return config;
  }

  private static EndpointConfig endpoint(Section section) {
    ListenerConfig listener =
        new ListenerConfig(
            section.text("host", "0.0.0.0", "The address to listen on for OCI."),
            section.integer(
                "port", 8443, 0, 65535, "The port to listen on for OCI; 0 takes any free one."),
            ListenerSchema.tls(section.section("tls")),
            ListenerSchema.limits(section.section("limits")));
    boolean plain =
        section.flag(
            "allow-plain-http",
            false,
            "Answers without TLS. Only behind something on this machine that ends TLS.");
    if (listener.tls().isEmpty()
        && !plain
        && !section.section("tls").has("certificate")
        && !section.section("tls").has("keystore")) {
      section.problem(
          "tls",
          "has no certificate",
          "give endpoint.tls.certificate and endpoint.tls.key, or endpoint.tls.keystore");
    }
    EndpointConfig config =
        new EndpointConfig(
            listener,
            mounts(section),
            section.duration(
                "deadline",
                "700ms",
                "50ms",
                "30s",
                "The time from a request's headers to its answer. OCI waits one second."),
            section.choice(
                "access-log",
                EndpointConfig.AccessLog.ERRORS,
                "Which requests get a line in the log."),
            url(section));
    section.finish();
    return config;
  }

  private static List<String> mounts(Section section) {
    List<String> mounts =
        section.list(
            "mounts",
            EndpointConfig.DEFAULT_MOUNTS,
            "The path prefixes under which the endpoint answers.");
    for (String mount : mounts) {
      if (!MOUNT.matcher(mount).matches()) {
        section.problem(
            "mounts",
            "holds a prefix that does not begin with a slash or ends with one",
            "write prefixes such as /ekm/v1");
      }
    }
    return mounts;
  }

  private static Optional<String> url(Section section) {
    Optional<String> url =
        section.text(
            "url",
            "The base URL by which OCI reaches the endpoint, such as https://10.0.0.5:8443. Goes into the URLs of new vaults, and"
                + " is compared with the certificate.");
    if (url.isPresent() && !isBaseUrl(url.get())) {
      section.problem(
          "url", "must be https:// with a host and, if needed, a port", "leave out any path");
      return Optional.empty();
    }
    return url;
  }

  private static boolean isBaseUrl(String text) {
    try {
      URI url = URI.create(text);
      String path = url.getPath();
      return "https".equalsIgnoreCase(url.getScheme())
          && url.getHost() != null
          && (path == null || path.isEmpty());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Optional<EkmServerConfig.Admin> admin(Section section) {
    boolean enabled =
        section.flag(
            "enabled", true, "Offers management, health and metrics on a listener of their own.");
    EkmServerConfig.Admin admin =
        new EkmServerConfig.Admin(
            new ListenerConfig(
                section.text(
                    "host", "127.0.0.1", "The address to listen on; only this machine by default."),
                section.integer(
                    "port", 8444, 0, 65535, "The port to listen on; 0 takes any free one."),
                ListenerSchema.adminTls(section.section("tls")),
                ListenerSchema.limits(section.section("limits"))),
            section.flag("metrics", true, "Answers /metrics for Prometheus, without a credential."),
            section.secret(
                "credential",
                "The token that management asks for, which may do everything. Without it only health and metrics are offered."),
            section.integer(
                "login-failures",
                10,
                0,
                10_000,
                "How many wrong credentials one address may send per minute; what it sends beyond is answered 429 until the minute is over. 0 for no limit."),
            ApprovalSchema.approvals(section.section("approvals")));
    section.finish();
    if (enabled
        && section.has("credential")
        && admin.listener().tls().isEmpty()
        && !isLoopback(admin.listener().host())) {
      section.problem(
          "host",
          "offers management to other machines without TLS, so that the credential could be overheard",
          "use 127.0.0.1, or give admin.tls, or leave admin.credential out to offer health and metrics only");
    }
    return enabled ? Optional.of(admin) : Optional.empty();
  }

  /** Looks no name up: whoever can change the answer could open the listener. */
  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  private static EkmServerConfig.Store store(Section section) {
    String type = type(section, "sqlite", "postgresql", "memory");
    String nodeName =
        section
            .text(
                "node-name",
                "The name by which operators know this server among others on the same store; the host's name unless set.")
            .orElseGet(ConfigSchema::hostName);
    Duration stalenessBound =
        section.duration(
            "staleness-bound",
            "500ms",
            "50ms",
            "10s",
            "How old the view of a store shared by several servers may be. No call is answered from an older one, so a block"
                + " holds everywhere after this time at the latest.");
    Duration pollInterval =
        section.duration(
            "poll-interval", "100ms", "10ms", "5s", "How often a shared store is asked for news.");
    return new EkmServerConfig.Store(
        new EkmServerConfig.Component(
            type,
            section.rest(
                "The store's own settings; sqlite: path of the database file; postgresql: url, user, password, connections.")),
        stalenessBound,
        pollInterval,
        nodeName);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "node";
    }
  }

  private static Map<String, EkmServerConfig.Backend> backends(Section root) {
    Map<String, EkmServerConfig.Backend> backends = new LinkedHashMap<>();
    root.sections("backends", "NAME")
        .forEach((name, section) -> backends.put(name, backend(name, section)));
    if (backends.isEmpty()) {
      root.problem(
          "backends", "names no backend", "add one, such as backends.main with type: software");
    }
    return backends;
  }

  private static EkmServerConfig.Backend backend(String name, Section section) {
    if (!INSTANCE.matcher(name).matches() && !name.equals("NAME")) {
      section.problem(
          "", "must have a name of lower-case letters, digits and hyphens", "rename the backend");
    }
    String type = type(section, "software", "pkcs11", "kmip");
    ResilienceConfig resilience = ListenerSchema.resilience(section.section("protection"), type);
    return new EkmServerConfig.Backend(
        new EkmServerConfig.Component(type, section.rest("The backend's own settings.")),
        resilience);
  }

  private static EkmServerConfig.Audit audit(Section section) {
    String type = type(section, "file");
    AuditLogConfig usual = AuditLogConfig.defaults();
    AuditLogConfig log =
        new AuditLogConfig(
            section.integer(
                "queue",
                usual.queueCapacity(),
                1,
                1_000_000,
                "How many events may wait to be written; more are refused."),
            section.duration(
                "max-wait",
                "50ms",
                "1ms",
                "5s",
                "How long a call waits for its event to be durable; without it nothing is answered."),
            section.integer(
                "batch", usual.maxBatch(), 1, 100_000, "How many events are written at once."));
    return new EkmServerConfig.Audit(
        new EkmServerConfig.Component(
            type, section.rest("The sink's own settings; file: path of the file.")),
        log);
  }

  private static EkmServerConfig.Component policy(Section section) {
    String type = section.text("type", "rules", "The policy engine.");
    return new EkmServerConfig.Component(type, section.rest("The policy engine's own settings."));
  }

  private static EkmServerConfig.Wire wire(Section section) {
    EkmServerConfig.Wire wire =
        new EkmServerConfig.Wire(
            section.text(
                "profile",
                "oci-default",
                "The names and texts of requests: oci-default, oci-strict, or the path of a profile file that ends in .json."),
            section.integer(
                "max-plaintext",
                65_536,
                1,
                16_777_216,
                "The largest plaintext or ciphertext in bytes."),
            section.integer(
                "max-aad",
                65_536,
                0,
                16_777_216,
                "The largest additional authenticated data in bytes."),
            section.integer("max-random", 1024, 1, 1024, "The most random bytes per call."));
    section.finish();
    return wire;
  }

  private static EkmServerConfig.Tokens tokens(Section section) {
    EkmServerConfig.Tokens tokens =
        new EkmServerConfig.Tokens(
            section.duration(
                "clock-skew",
                "60s",
                "0s",
                "5m",
                "By how much the identity domain's clock may differ."),
            section.integer(
                "cache", 10_000, 0, 1_000_000, "How many checked tokens are remembered."),
            section.integer("max-length", 16_384, 1024, 65_536, "The longest token in characters."),
            ListenerSchema.tokenKeys(section.section("keys")));
    section.finish();
    return tokens;
  }

  private static String type(Section section, String... examples) {
    return section.requiredText(
        "type",
        "write the name of a provider, such as " + String.join(" or ", examples),
        "The provider's name: "
            + String.join(", ", examples)
            + ", or that of another provider on the class path.");
  }
}
