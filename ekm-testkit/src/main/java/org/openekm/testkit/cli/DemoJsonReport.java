// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints one JSON object at the end and nothing before. */
final class DemoJsonReport implements DemoReport {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final PrintWriter out;

  DemoJsonReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin() {
    // The object is printed as a whole.
  }

  @Override
  public void step(DemoStep step) {
    // The object is printed as a whole.
  }

  @Override
  public void end(Summary summary) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("result", summary.verdict());
    report.put("millis", summary.millis());
    if (!summary.failure().isEmpty()) {
      report.put("failure", summary.failure());
    }
    summary
        .outcome()
        .ifPresent(
            outcome -> {
              report.put("externalVaultUrl", outcome.externalVaultUrl());
              report.put("externalKeyId", outcome.externalKeyId());
            });
    summary.folder().map(Path::toString).ifPresent(folder -> report.put("folder", folder));
    report.put("steps", summary.steps());
    out.println(JSON.writeValueAsString(report));
    out.flush();
  }
}
