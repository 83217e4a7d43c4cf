// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes what is on a server as a set-up file. The same state gives the same text. */
final class SetupWriter {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._/-]*");
  private static final Set<String> NOT_PLAIN =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  /** A block of lines that YAML gives back as it is: nothing but printable text. */
  private static final Pattern BLOCK =
      Pattern.compile(
          "(?s)[^\\s\\p{C}](?:[\\x20-\\x7e\\u00a1-\\u2027\\u202a-\\ud7ff\\n]*[^\\s\\p{C}])?\\n?");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final String DEFAULT_LENGTH = "32";
  private static final String INDENT = "  ";

  private final ServerState state;
  private final StringBuilder out = new StringBuilder();
  private final List<String> leftOut = new ArrayList<>();

  SetupWriter(ServerState state) {
    this.state = state;
  }

  /** Returns the text. */
  String text() {
    out.append("# What an OpenEKM server has, for ekm apply. No key material, no secrets.\n");
    section("issuers", state.issuers(), this::issuer);
    section("tenancies", state.tenancies(), this::tenancy);
    section("vaults", state.vaults(), this::vault);
    section("administrators", state.administrators(), this::administrator);
    return out.toString();
  }

  /** Returns the keys that are not in the text because their deletion is pending. */
  List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  private interface Writer {
    void write(String name, JsonNode record);
  }

  private void section(String title, Map<String, JsonNode> records, Writer writer) {
    if (!records.isEmpty()) {
      line(0, title + ":");
      records.forEach(
          (name, record) -> {
            line(1, scalar(name) + ":");
            writer.write(name, record);
          });
    }
  }

  private void issuer(String name, JsonNode issuer) {
    list(2, "discovery-urls", ServerState.texts(issuer.path("discoveryUrls")));
    list(2, "jwks-urls", ServerState.texts(issuer.path("jwksUrls")));
    list(2, "accepted-issuers", ServerState.texts(issuer.path("acceptedIssuers")));
    Map<String, String> fields = ServerState.issuerFields(issuer);
    for (String field : List.of("client-id", "client-secret", "token-url")) {
      if (fields.containsKey(field)) {
        field(2, field, fields.getOrDefault(field, ""));
      }
    }
  }

  private void tenancy(String name, JsonNode tenancy) {
    field(2, "ocid", tenancy.path("ocid").asString());
  }

  private void administrator(String name, JsonNode administrator) {
    List<String> grants = state.grants(administrator);
    if (grants.isEmpty()) {
      line(2, "grants: []");
    }
    list(2, "grants", grants);
  }

  private void vault(String name, JsonNode vault) {
    Map<String, String> fields = state.vaultFields(vault);
    for (String field : List.of("tenancy", "issuer", "client-id", "url", "backend")) {
      field(2, field, fields.getOrDefault(field, ""));
    }
    list(2, "audiences", ServerState.texts(vault.path("audiences")));
    list(2, "scopes", ServerState.texts(vault.path("scopes")));
    if (fields.getOrDefault("audit-success", "").equals("false")) {
      line(2, "audit-success: false");
    }
    list(2, "labels", ServerState.labels(vault));
    if (fields.getOrDefault("backend-locked", "").equals("true")) {
      line(2, "backend-locked: true");
    }
    if (fields.containsKey("dead-man")) {
      line(2, "dead-man: " + fields.getOrDefault("dead-man", ""));
    }
    blockedAndPolicy(2, fields);
    Set<String> written = new TreeSet<>();
    state
        .keys(name)
        .forEach(
            (key, record) -> {
              if (record.path("state").asString().equals("PENDING_DELETION")) {
                leftOut.add(name + "/" + key);
              } else {
                if (written.isEmpty()) {
                  line(2, "keys:");
                }
                written.add(key);
                key(key, record);
              }
            });
  }

  private void key(String name, JsonNode record) {
    Map<String, String> fields = ServerState.keyFields(record);
    List<String> labels = ServerState.labels(record);
    String length = fields.getOrDefault("length", DEFAULT_LENGTH);
    String keyState = fields.getOrDefault("state", "").toLowerCase(Locale.ROOT).replace('_', '-');
    boolean usual =
        length.equals(DEFAULT_LENGTH)
            && keyState.equals("active")
            && !fields.containsKey("policy")
            && !fields.containsKey("rotation-period")
            && labels.isEmpty()
            && fields.getOrDefault("blocked", "").equals("false");
    line(3, scalar(name) + (usual ? ": {}" : ":"));
    if (!length.equals(DEFAULT_LENGTH)) {
      line(4, "length: " + length);
    }
    if (!keyState.equals("active")) {
      line(4, "state: " + keyState);
    }
    if (fields.containsKey("rotation-period")) {
      line(4, "rotation-period: " + fields.getOrDefault("rotation-period", ""));
    }
    list(4, "labels", labels);
    blockedAndPolicy(4, fields);
  }

  private void blockedAndPolicy(int depth, Map<String, String> fields) {
    if (fields.getOrDefault("blocked", "").equals("true")) {
      line(depth, "blocked: true");
    }
    String policy = fields.get("policy");
    if (policy == null) {
      return;
    }
    if (BLOCK.matcher(policy).matches()) {
      line(depth, policy.endsWith("\n") ? "policy: |" : "policy: |-");
      policy
          .lines()
          .forEach(
              each ->
                  out.append(each.isEmpty() ? "" : INDENT.repeat(depth + 1) + each).append('\n'));
    } else {
      line(depth, "policy: " + quoted(policy));
    }
  }

  private void list(int depth, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      line(depth, name + ":");
      texts.forEach(text -> line(depth + 1, "- " + scalar(text)));
    }
  }

  private void field(int depth, String name, String text) {
    line(depth, name + ": " + scalar(text));
  }

  private void line(int depth, String text) {
    out.append(INDENT.repeat(depth)).append(text).append('\n');
  }

  private static String scalar(String text) {
    boolean plain =
        PLAIN.matcher(text).matches() && !NOT_PLAIN.contains(text.toLowerCase(Locale.ROOT));
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    return JSON.writeValueAsString(text);
  }
}
