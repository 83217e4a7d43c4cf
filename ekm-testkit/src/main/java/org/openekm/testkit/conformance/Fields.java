// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The fields of a request body in the making. Not thread-safe. */
public final class Fields {

  private final Map<String, Object> map = new LinkedHashMap<>();

  private Fields() {}

  /** Returns fields with a single one, in base64. */
  public static Fields of(String name, byte[] value) {
    return new Fields().and(name, base64(value));
  }

  /** Returns fields with a single one. */
  public static Fields of(String name, Object value) {
    return new Fields().and(name, value);
  }

  /** Sets a field. */
  public Fields and(String name, Object value) {
    map.put(name, value);
    return this;
  }

  /** Sets the additional authenticated data. */
  public Fields aad(Optional<byte[]> aad) {
    aad.ifPresent(value -> map.put("aad", base64(value)));
    return this;
  }

  /** Leaves a field out. */
  public Fields without(String name) {
    map.remove(name);
    return this;
  }

  /** Returns the fields. */
  public Map<String, Object> map() {
    return new LinkedHashMap<>(map);
  }

  /** Returns bytes in base64. */
  public static String base64(byte[] value) {
    return Base64.getEncoder().encodeToString(value);
  }

  static String hex(byte[] value) {
    return HexFormat.of().formatHex(value);
  }
}
