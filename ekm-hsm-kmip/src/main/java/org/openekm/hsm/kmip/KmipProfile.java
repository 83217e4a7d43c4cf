// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip;

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

/**
 * What is known of one make of key manager: the settings that suit it, and how far that was tried.
 * A setting in the configuration goes before the profile's.
 *
 * @param name the name in the configuration
 * @param title for people
 * @param evidence whether it was tested or only read about
 * @param vendors how what a server says of itself begins, for recognizing it
 * @param note what else an operator must know
 * @param settings settings of the backend by their names
 */
public record KmipProfile(
    String name,
    String title,
    Evidence evidence,
    List<String> vendors,
    Optional<String> note,
    Map<String, String> settings) {

  /** The names of all profiles. */
  public static final List<String> NAMES =
      List.of("generic", "pykmip", "vault", "cosmian", "ovh", "key-store-only");

  private static final Set<String> ABOUT = Set.of("title", "evidence", "vendor", "note");

  /** How far a profile was tried. */
  public enum Evidence {
    /** It is the standard's text. */
    STANDARD,
    /** The whole test suite runs on it. */
    TESTED,
    /** The vendor's documents say so; nobody has run it here. */
    READ
  }

  /** Copies list and map. */
  public KmipProfile {
    vendors = List.copyOf(vendors);
    settings = Map.copyOf(settings);
  }

  /** Returns the profile of that name; empty if there is none. */
  public static Optional<KmipProfile> named(String name) {
    return NAMES.contains(name) ? Optional.of(load(name)) : Optional.empty();
  }

  /** Returns the profile that fits what a server says of itself, or the one that fits any. */
  public static KmipProfile ofVendor(String vendor) {
    for (String name : NAMES) {
      KmipProfile profile = load(name);
      if (profile.vendors().stream().anyMatch(vendor::startsWith)) {
        return profile;
      }
    }
    return load("generic");
  }

  private static KmipProfile load(String name) {
    Properties data = read(name);
    Map<String, String> settings = new HashMap<>();
    data.stringPropertyNames().stream()
        .filter(key -> !ABOUT.contains(key))
        .forEach(key -> settings.put(key, data.getProperty(key)));
    return new KmipProfile(
        name,
        data.getProperty("title"),
        Evidence.valueOf(data.getProperty("evidence").toUpperCase(Locale.ROOT)),
        list(data.getProperty("vendor", "")),
        Optional.ofNullable(data.getProperty("note")),
        settings);
  }

  private static List<String> list(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::trim).toList();
  }

  private static Properties read(String name) {
    Properties data = new Properties();
    String file = "profiles/" + name + ".properties";
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(KmipProfile.class.getResourceAsStream(file), file),
            StandardCharsets.UTF_8)) {
      data.load(reader);
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
