// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.openekm.core.admin.KeyDetails;
import org.openekm.core.admin.KeyVersionDetails;
import org.openekm.core.admin.WrappedMaterial;
import org.openekm.spi.CheckResult;
import org.openekm.spi.Durations;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/** How records look in answers of the management API: flat, with ids and times as text. */
final class AdminViews {

  private AdminViews() {}

  static <R> Map<String, Object> list(List<R> records, Function<R, Map<String, Object>> view) {
    return Map.of("items", records.stream().map(view).toList());
  }

  static Map<String, Object> issuer(IssuerRecord issuer) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", issuer.name());
    view.put("id", issuer.id().toString());
    view.put("discoveryUrls", texts(issuer.discoveryUrls()));
    view.put("jwksUrls", texts(issuer.jwksUrls()));
    view.put("acceptedIssuers", issuer.acceptedIssuers().stream().sorted().toList());
    view.put("jwksProtected", issuer.jwksClient().isPresent());
    put(view, "clientId", issuer.jwksClient().map(IssuerRecord.JwksClient::clientId));
    put(view, "clientSecret", issuer.jwksClient().map(client -> client.clientSecret().toString()));
    put(
        view,
        "tokenUrl",
        issuer.jwksClient().flatMap(IssuerRecord.JwksClient::tokenUrl).map(Object::toString));
    view.put("createdAt", issuer.createdAt().toString());
    return view;
  }

  static Map<String, Object> tenancy(TenancyRecord tenancy) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", tenancy.name());
    view.put("id", tenancy.id().toString());
    view.put("ocid", tenancy.ocid());
    view.put("createdAt", tenancy.createdAt().toString());
    return view;
  }

  static Map<String, Object> vault(VaultRecord vault) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", vault.name());
    view.put("id", vault.id().toString());
    view.put("externalVaultUrl", vault.endpoint().vaultUrl(vault.id()));
    view.put("blocked", vault.blocked());
    view.put("tenancyId", vault.tenancy().toString());
    view.put("issuerId", vault.access().issuer().toString());
    view.put("clientId", vault.access().clientId());
    view.put("audiences", vault.access().audiences().stream().sorted().toList());
    view.put("scopes", vault.access().scopes().stream().sorted().toList());
    view.put("backend", vault.backend());
    view.put("auditSuccess", vault.auditSuccess());
    view.put("backendLocked", vault.attributes().backendLocked());
    put(view, "policy", vault.policy());
    putLabels(view, vault.attributes().labels());
    put(view, "linkedAt", vault.attributes().linkedAt().map(Object::toString));
    vault
        .attributes()
        .deadMan()
        .ifPresent(
            deadMan -> {
              view.put("deadManPeriod", Durations.format(deadMan.period()));
              view.put("lastHeartbeat", deadMan.lastHeartbeat().toString());
              view.put("blocksAt", deadMan.blocksAt().toString());
            });
    view.put("createdAt", vault.createdAt().toString());
    return view;
  }

  static Map<String, Object> key(KeyRecord key) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", key.name());
    view.put("externalKeyId", key.id().toString());
    view.put("vaultId", key.vault().toString());
    view.put("state", key.state().name());
    view.put("blocked", key.blocked());
    view.put("lengthBytes", key.lengthBytes());
    view.put("currentVersion", key.currentVersion().toString());
    put(view, "policy", key.policy());
    put(view, "destroyAfter", key.destroyAfter().map(Object::toString));
    put(view, "rotationPeriod", key.attributes().rotationPeriod().map(Durations::format));
    putLabels(view, key.attributes().labels());
    put(view, "linkedAt", key.attributes().linkedAt().map(Object::toString));
    view.put("createdAt", key.createdAt().toString());
    return view;
  }

  static Map<String, Object> keyDetails(KeyDetails details) {
    Map<String, Object> view = key(details.key());
    view.put("versions", details.versions().size());
    put(view, "nextRotation", details.nextRotation().map(Object::toString));
    if (!details.warnings().isEmpty()) {
      view.put("warnings", details.warnings());
    }
    return view;
  }

  static Map<String, Object> version(KeyVersionDetails details) {
    KeyVersionRecord version = details.version();
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("number", version.number());
    view.put("id", version.id().toString());
    view.put("state", version.state().name());
    view.put("current", details.current());
    view.put("backend", version.backend());
    view.put("backendRef", version.ref().value());
    view.put("createdAt", version.createdAt().toString());
    if (!details.warnings().isEmpty()) {
      view.put("warnings", details.warnings());
    }
    return view;
  }

  static Map<String, Object> importKey(PublicKey key) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("wrapping", WrappedMaterial.Wrapping.RSA_AES_256.text());
    view.put("sha256", sha256(key.getEncoded()));
    view.put(
        "publicKey",
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
    return view;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static Map<String, Object> status(long revision, Map<String, CheckResult> checks) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("healthy", checks.values().stream().allMatch(CheckResult::healthy));
    view.put("revision", revision);
    checks.forEach(
        (name, result) ->
            view.put(name, (result.healthy() ? "ok: " : "FAILED: ") + result.message()));
    return view;
  }

  private static void putLabels(Map<String, Object> view, Map<String, String> labels) {
    if (!labels.isEmpty()) {
      view.put("labels", new TreeMap<>(labels));
    }
  }

  private static void put(Map<String, Object> view, String name, Optional<String> value) {
    value.ifPresent(text -> view.put(name, text));
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }
}
