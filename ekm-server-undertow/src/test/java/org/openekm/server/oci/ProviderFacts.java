// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.oci;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The names that the provider's documentation gives to arguments and attributes. */
final class ProviderFacts {

  /** What every resource may have, whatever the provider. */
  private static final Set<String> META = Set.of("count", "for_each", "depends_on", "provider");

  private static final Set<String> META_BLOCKS = Set.of("lifecycle");

  private final JsonNode resources;

  private ProviderFacts(JsonNode resources) {
    this.resources = resources;
  }

  static ProviderFacts read() throws IOException {
    try (InputStream in = ProviderFacts.class.getResourceAsStream("provider-arguments.json")) {
      return new ProviderFacts(
          JsonMapper.shared().readTree(Objects.requireNonNull(in)).path("resources"));
    }
  }

  boolean knows(String type) {
    return resources.has(type);
  }

  Set<String> attributes(String type) {
    Set<String> names = new TreeSet<>();
    resources.path(type).path("attributes").forEach(name -> names.add(name.asString()));
    return names;
  }

  /** Returns what a resource has and must not, or lacks and must have. */
  Set<String> faults(String type, HclReader.Block resource) {
    Set<String> faults = new TreeSet<>();
    compare(type, resource, resources.path(type).path("arguments"), faults);
    return faults;
  }

  private static void compare(
      String where, HclReader.Block block, JsonNode documented, Set<String> faults) {
    Set<String> used = new TreeSet<>();
    for (String name : block.attributes().keySet()) {
      if (!META.contains(name)) {
        used.add(name);
      }
    }
    for (HclReader.Block nested : block.blocks()) {
      if (META_BLOCKS.contains(nested.type())) {
        continue;
      }
      boolean dynamic = nested.type().equals("dynamic");
      String name = dynamic ? nested.label(0) : nested.type();
      used.add(name);
      compare(
          where + "." + name,
          dynamic ? nested.all("content").get(0) : nested,
          documented.path(name).path("arguments"),
          faults);
    }
    for (String name : used) {
      if (!documented.has(name)) {
        faults.add(where + "." + name + " is not documented");
      }
    }
    for (Map.Entry<String, JsonNode> each : documented.properties()) {
      if (each.getValue().path("required").asBoolean() && !used.contains(each.getKey())) {
        faults.add(where + "." + each.getKey() + " is missing");
      }
    }
  }
}
