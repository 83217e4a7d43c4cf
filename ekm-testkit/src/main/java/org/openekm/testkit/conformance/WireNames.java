// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON names of the wire contract, read from a profile file of the same format as the server's,
 * by a reader of its own. Immutable and thread-safe.
 */
public final class WireNames {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** An operation with a body. */
  public enum Op {
    /** Encrypt. */
    ENCRYPT("encrypt"),
    /** Decrypt. */
    DECRYPT("decrypt"),
    /** GenerateRandomBytes. */
    RANDOM("generateRandomBytes"),
    /** GetVaultMetadata. */
    VAULT("getVaultMetadata"),
    /** GetKeyMetadata. */
    KEY("getKeyMetadata"),
    /** GetKeyVersionMetadata. */
    VERSION("getKeyVersionMetadata");

    private final String name;

    Op(String name) {
      this.name = name;
    }
  }

  private final JsonNode profile;

  private WireNames(JsonNode profile) {
    this.profile = profile;
  }

  /** Returns the names of {@code oci-default}. */
  public static WireNames standard() {
    try (InputStream in =
        Objects.requireNonNull(WireNames.class.getResourceAsStream("oci-default.json"))) {
      return new WireNames(JSON.readTree(in));
    } catch (IOException e) {
      throw new IllegalStateException("the kit's own profile can't be read", e);
    }
  }

  /**
   * Reads a profile file.
   *
   * @throws InvalidTargetException if it can't be used; the message says why
   */
  public static WireNames read(Path file) {
    try {
      WireNames names = new WireNames(JSON.readTree(Files.readString(file)));
      for (Op op : Op.values()) {
        if (!names.operation(op).path("response").isObject()) {
          throw new InvalidTargetException(
              file + ": operations." + op.name + ".response must name the fields of answers", null);
        }
      }
      return names;
    } catch (IOException | JacksonException e) {
      throw new InvalidTargetException(file + " is no wire profile: " + e.getMessage(), e);
    }
  }

  /** Returns the canonical name of a request field. */
  public String request(Op op, String field) {
    List<String> names = synonyms(op, field);
    return names.isEmpty() ? field : names.get(0);
  }

  /** Returns all names of a request field, the canonical one first. */
  public List<String> synonyms(Op op, String field) {
    List<String> names = new ArrayList<>();
    operation(op).path("request").path(field).forEach(name -> names.add(name.asString()));
    return List.copyOf(names);
  }

  /** Returns the first name under which answers give a value, if they give it. */
  public Optional<String> response(Op op, String value) {
    for (Map.Entry<String, JsonNode> field : operation(op).path("response").properties()) {
      if (field.getValue().isString() && field.getValue().asString().equals(value)) {
        return Optional.of(field.getKey());
      }
    }
    return Optional.empty();
  }

  /** Returns the spellings of the mode that are accepted. */
  public List<String> modes() {
    List<String> modes = new ArrayList<>();
    profile.path("modes").path("accepted").forEach(mode -> modes.add(mode.asString()));
    return modes.isEmpty() ? List.of("AES_GCM") : List.copyOf(modes);
  }

  /** Writes a request body; the fields' names are replaced by the canonical ones. */
  public String body(Op op, Map<String, ?> fields) {
    Map<String, Object> named = new LinkedHashMap<>();
    fields.forEach((field, value) -> named.put(request(op, field), value));
    return JSON.writeValueAsString(named);
  }

  private JsonNode operation(Op op) {
    return profile.path("operations").path(op.name);
  }
}
