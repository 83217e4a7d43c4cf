// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Results for programs. */
public final class LoadJson {

  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};

  private LoadJson() {}

  /** Returns a result as a JSON object. */
  public static String of(LoadResult result) {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(fields(result));
  }

  static Map<String, Object> fields(LoadResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", result.plan().isOpen() ? "open" : "closed");
    json.put("rate", result.plan().rate());
    json.put("connections", result.plan().connections());
    json.put("keepAlive", result.plan().keepAlive());
    json.put("seconds", result.seconds());
    json.put("requests", result.requests());
    json.put("goodput", result.goodput());
    json.put("retried", result.retried());
    json.put("errors", new TreeMap<>(result.errors()));
    Map<String, Object> millis = new LinkedHashMap<>();
    for (double percentile : PERCENTILES) {
      millis.put(
          "p"
              + (percentile % 1 == 0
                  ? Integer.toString((int) percentile)
                  : Double.toString(percentile)),
          result.millis(percentile));
    }
    json.put("millis", millis);
    json.put("generatorCores", result.generatorCores());
    json.put("timeline", result.timeline());
    return json;
  }
}
