// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one make of token: the settings that suit it, and how far that was tried. A
 * setting in the configuration goes before the profile's.
 *
 * @param name the name in the configuration
 * @param title for people
 * @param evidence whether it was tested or only read about
 * @param manufacturers how CK_INFO's manufacturerID begins, for recognizing it
 * @param unsupported why it can't be used; empty if it can
 * @param note what else an operator must know
 * @param settings settings of the backend by their names
 */
public record VendorProfile(
    String name,
    String title,
    Evidence evidence,
    List<String> manufacturers,
    Optional<String> unsupported,
    Optional<String> note,
    Map<String, String> settings) {

  /** The names of all profiles. */
  public static final List<String> NAMES =
      List.of(
          "generic",
          "softhsm",
          "nss",
          "luna",
          "luna-fips",
          "nshield",
          "cloudhsm",
          "utimaco",
          "yubihsm");

  private static final Set<String> ABOUT =
      Set.of("title", "evidence", "manufacturer", "unsupported", "note");

  /** How far a profile was tried. */
  public enum Evidence {
    /** It is the standard's text. */
    STANDARD,
    /** The whole test suite runs on it. */
    TESTED,
    /** The vendor's documents say so; nobody has run it here. */
    READ
  }

  /** Copies lists and map. */
  public VendorProfile {
    manufacturers = List.copyOf(manufacturers);
    settings = Map.copyOf(settings);
  }

  /** Returns the profile of that name; empty if there is none. */
  public static Optional<VendorProfile> named(String name) {
    return NAMES.contains(name) ? Optional.of(load(name)) : Optional.empty();
  }

  /** Returns the profile that fits the manufacturer, or the one that fits any token. */
  public static VendorProfile ofManufacturer(String manufacturer) {
    for (String name : NAMES) {
      VendorProfile profile = load(name);
      if (profile.manufacturers().stream().anyMatch(manufacturer::startsWith)) {
        return profile;
      }
    }
    return load("generic");
  }

  /** Returns the profile's value of a setting. */
  public Optional<String> setting(String key) {
    return Optional.ofNullable(settings.get(key));
  }

  private static VendorProfile load(String name) {
    Properties data = read(name);
    Map<String, String> settings = new HashMap<>();
    data.stringPropertyNames().stream()
        .filter(key -> !ABOUT.contains(key))
        .forEach(key -> settings.put(key, data.getProperty(key)));
    return new VendorProfile(
        name,
        data.getProperty("title"),
        Evidence.valueOf(data.getProperty("evidence").toUpperCase(Locale.ROOT)),
        list(data.getProperty("manufacturer")),
        Optional.ofNullable(data.getProperty("unsupported")),
        Optional.ofNullable(data.getProperty("note")),
        settings);
  }

  private static List<String> list(@Nullable String text) {
    return text == null || text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::trim).toList();
  }

  private static Properties read(String name) {
    Properties data = new Properties();
    String file = "profiles/" + name + ".properties";
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(VendorProfile.class.getResourceAsStream(file), file),
            StandardCharsets.UTF_8)) {
      data.load(reader);
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
