// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigurationReferenceTest {

  private final String markdown = ConfigurationReference.markdown();

  @Test
  void markdown_namesEverySettingWithDefaultAndRange() {
    assertThat(markdown)
        .contains(
            "| `endpoint.port` | number | `8443` | 0 to 65535 |",
            "| `endpoint.deadline` | duration | `700ms` | 50ms to 30s |",
            "| `endpoint.access-log` | one of | `errors` | off, errors, all |",
            "| `endpoint.tls.key-password` | secret reference |",
            "| `backends.NAME.type` | text |  | required |",
            "| `backends.NAME.protection.max-calls` | number |",
            "| `tokens.keys.refresh` | duration | `5m` |",
            "| `shutdown-timeout` | duration | `10s` |");
  }

  @Test
  void markdown_describesEachSettingOnce() {
    assertThat(markdown.lines().skip(2).map(line -> line.split("\\|", -1)[1].trim()))
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(60);
  }

  @Test
  void markdown_everyLineHasAMeaning() {
    assertThat(markdown.lines().skip(2))
        .allSatisfy(line -> assertThat(line).containsPattern("\\| [^|]{10,} \\|$"));
  }
}
