// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.openekm.server.cli.SetupChange.Call;
import org.openekm.server.config.Setup;
import org.openekm.spi.Durations;
import org.openekm.spi.store.VaultRecord;

/** The fields of a set-up file as texts to compare, and as bodies of the calls that add things. */
final class SetupFields {

  private static final int HTTPS = 443;
  private static final int DEFAULT_LENGTH = 32;

  private SetupFields() {}

  static Map<String, String> of(Setup.Issuer issuer) {
    Map<String, String> fields = new LinkedHashMap<>();
    putList(fields, "discovery-urls", ServerState.inOrder(issuer.discoveryUrls()));
    putList(fields, "jwks-urls", ServerState.inOrder(issuer.jwksUrls()));
    putList(fields, "accepted-issuers", ServerState.sorted(issuer.acceptedIssuers()));
    issuer.client().id().ifPresent(id -> fields.put("client-id", id));
    issuer.client().secret().ifPresent(secret -> fields.put("client-secret", secret));
    issuer.client().tokenUrl().ifPresent(url -> fields.put("token-url", url));
    return fields;
  }

  static Map<String, String> of(Setup.Vault vault) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("tenancy", vault.access().tenancy());
    fields.put("issuer", vault.access().issuer());
    fields.put("client-id", vault.access().clientId());
    putList(fields, "audiences", ServerState.sorted(vault.access().audiences()));
    putList(fields, "scopes", ServerState.sorted(vault.access().scopes()));
    vault
        .place()
        .url()
        .ifPresent(
            url -> fields.put("url", endpoint(url).map(at -> at.origin() + at.path()).orElse(url)));
    vault.place().backend().ifPresent(backend -> fields.put("backend", backend));
    vault.auditSuccess().ifPresent(flag -> fields.put("audit-success", flag.toString()));
    vault.policy().ifPresent(policy -> fields.put("policy", policy));
    vault.options().labels().ifPresent(labels -> fields.put("labels", text(labels)));
    vault.options().deadMan().ifPresent(period -> fields.put("dead-man", Durations.format(period)));
    if (vault.options().backendLocked()) {
      fields.put("backend-locked", "true");
    }
    if (vault.blocked()) {
      fields.put("blocked", "true");
    }
    return fields;
  }

  static Map<String, String> of(Setup.Key key) {
    Map<String, String> fields = new LinkedHashMap<>();
    key.length().ifPresent(length -> fields.put("length", length.toString()));
    key.state().ifPresent(state -> fields.put("state", state.name()));
    key.policy().ifPresent(policy -> fields.put("policy", policy));
    key.labels().ifPresent(labels -> fields.put("labels", text(labels)));
    key.rotationPeriod()
        .ifPresent(period -> fields.put("rotation-period", Durations.format(period)));
    if (key.blocked()) {
      fields.put("blocked", "true");
    }
    return fields;
  }

  static Call adding(Setup.Issuer issuer) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", issuer.name());
    body.put("discoveryUrls", issuer.discoveryUrls());
    body.put("jwksUrls", issuer.jwksUrls());
    body.put("acceptedIssuers", issuer.acceptedIssuers());
    issuer.client().id().ifPresent(id -> body.put("clientId", id));
    issuer.client().secret().ifPresent(secret -> body.put("clientSecret", secret));
    issuer.client().tokenUrl().ifPresent(url -> body.put("tokenUrl", url));
    return new Call("POST", "/issuers", body);
  }

  static Call adding(Setup.Vault vault) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", vault.name());
    body.put("tenancy", vault.access().tenancy());
    body.put("issuer", vault.access().issuer());
    body.put("clientId", vault.access().clientId());
    body.put("audiences", vault.access().audiences());
    body.put("scopes", vault.access().scopes());
    vault
        .place()
        .url()
        .flatMap(SetupFields::endpoint)
        .ifPresent(
            at -> {
              body.put("host", at.host());
              body.put("port", at.port());
              body.put("path", at.path());
            });
    vault.place().backend().ifPresent(backend -> body.put("backend", backend));
    vault.policy().ifPresent(policy -> body.put("policy", policy));
    vault.auditSuccess().ifPresent(flag -> body.put("auditSuccess", flag));
    vault.options().labels().ifPresent(labels -> body.put("labels", labels));
    body.put("backendLocked", vault.options().backendLocked());
    return new Call("POST", "/vaults", body);
  }

  static Call adding(String keys, Setup.Key key) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", key.name());
    body.put("lengthBytes", key.length().orElse(DEFAULT_LENGTH));
    body.put("active", key.state().filter(Setup.State.PRE_ACTIVE::equals).isEmpty());
    key.policy().ifPresent(policy -> body.put("policy", policy));
    key.labels().ifPresent(labels -> body.put("labels", labels));
    key.rotationPeriod().ifPresent(period -> body.put("rotationPeriod", Durations.format(period)));
    return new Call("POST", keys, body);
  }

  /** Returns what a vault's URL says; absent if it is none. */
  static Optional<VaultRecord.Endpoint> endpoint(String url) {
    try {
      URI uri = URI.create(url);
      boolean plain =
          "https".equals(uri.getScheme())
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      return plain
          ? Optional.of(
              new VaultRecord.Endpoint(
                  uri.getHost().replaceAll("[\\[\\]]", ""),
                  uri.getPort() < 0 ? HTTPS : uri.getPort(),
                  uri.getRawPath()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Returns labels as the file and the commands spell them, in one order. */
  static String text(Map<String, String> labels) {
    return ServerState.sorted(
        labels.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList());
  }

  private static void putList(Map<String, String> fields, String name, String text) {
    if (!text.isEmpty()) {
      fields.put(name, text);
    }
  }

  /** Returns how the file spells a field of the management API. */
  static String spelled(String field) {
    String last =
        List.of("host", "port", "path").contains(field.replaceAll("^endpoint\\.", ""))
            ? "url"
            : field.replaceAll("^jwksClient\\.", "").replaceAll("\\[[0-9]+]$", "");
    return switch (last) {
      case "name" -> "";
      case "lengthBytes" -> "length";
      case "period" -> "dead-man";
      default -> last.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    };
  }
}
