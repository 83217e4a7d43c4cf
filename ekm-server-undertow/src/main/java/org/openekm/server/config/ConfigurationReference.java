// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

/** The documentation of the configuration file, made from the same definition that reads it. */
public final class ConfigurationReference {

  private ConfigurationReference() {}

  /** Returns a table of all settings in Markdown. */
  public static String markdown() {
    Reading reading = Reading.describing();
    ConfigSchema.read(new Section("", YamlNode.Mapping.empty(new YamlNode.Place(1, 1)), reading));
    StringBuilder text = new StringBuilder();
    text.append("| Setting | Value | Default | Range | Meaning |\n");
    text.append("| --- | --- | --- | --- | --- |\n");
    for (ConfigKey key : reading.keys()) {
      text.append("| `").append(key.path()).append("` | ").append(key.type()).append(" | ");
      text.append(code(key.defaultValue())).append(" | ").append(key.range().replace("|", "\\|"));
      text.append(" | ").append(key.description().replace("|", "\\|")).append(" |\n");
    }
    return text.toString();
  }

  private static String code(String value) {
    return value.isEmpty() ? "" : "`" + value + "`";
  }
}
