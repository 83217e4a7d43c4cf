// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openekm.spi.ComponentLoader;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.NamedProvider;

/**
 * The providers of one kind by their names. Two of one name are refused as soon as the name is
 * asked for, because nobody could say which of them would get the keys.
 *
 * @param <P> the kind
 */
final class Providers<P extends NamedProvider> {

  private final Map<String, List<P>> byName = new TreeMap<>();

  Providers(ComponentLoader loader, Class<P> kind) {
    for (P provider : loader.load(kind)) {
      byName.computeIfAbsent(provider.name(), name -> new ArrayList<>()).add(provider);
    }
  }

  /** Returns the provider, or empty and a problem with the field. */
  Optional<P> find(String field, String name, List<ConfigurationProblem> problems) {
    List<P> found = byName.getOrDefault(name, List.of());
    if (found.isEmpty()) {
      problems.add(
          new ConfigurationProblem(
              field,
              "names no provider on the class path",
              Spelling.closest(name, byName.keySet())
                  .map(closest -> "did you mean " + closest + "?")
                  .orElse("there are " + String.join(", ", byName.keySet()))));
      return Optional.empty();
    }
    if (found.size() > 1) {
      problems.add(
          new ConfigurationProblem(
              field,
              "names more than one provider: "
                  + found.stream().map(Providers::origin).collect(Collectors.joining(", ")),
              "leave only one of their jars on the class path"));
      return Optional.empty();
    }
    return Optional.of(found.get(0));
  }

  /** Returns a provider's class and jar. */
  static String origin(Object provider) {
    CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
    String from =
        source == null || source.getLocation() == null
            ? "the Java runtime"
            : source.getLocation().getPath();
    return provider.getClass().getName() + " from " + from;
  }
}
