// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.Operation;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.docs.structure.SourceTree;
import org.openekm.server.EkmServer;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.HttpLimits;
import org.openekm.server.http.ListenerConfig;
import org.openekm.server.metrics.MicrometerEkmListener;
import org.openekm.server.metrics.ServerMetrics;
import org.openekm.spi.event.AuditBatchCompleted;
import org.openekm.spi.event.BackendCallCompleted;
import org.openekm.spi.event.CallCompleted;
import org.openekm.spi.event.TokenKeysRefreshed;

/** docs/operations.md lists the warnings and metrics that there are. */
final class OperationsPageTest {
  private static final Page PAGE = Page.read("docs/operations.md");
  private static final Pattern WARNING = Pattern.compile("onWarning\\(\\s*\"([a-z-]+)\"");
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (ekm_\\S+) (\\S+)$");

  @Test
  void warnings_areAllThatTheProductGives() {
    Set<String> given = new TreeSet<>();
    for (Path source : SourceTree.files(".java")) {
      if (SourceTree.nameOf(source)
          .matches("ekm-(core|server-undertow|hsm-[a-z0-9]+)/src/main/.*")) {
        WARNING.matcher(SourceTree.text(source)).results().forEach(hit -> given.add(hit.group(1)));
      }
    }

    assertThat(
            documented(PAGE.section("## Warnings").table("Code", "Means", "What you do"), "Code"))
        .isEqualTo(given);
  }

  @Test
  void metrics_areAllThatTheServerHas() {
    Set<String> scraped = new TreeSet<>();
    try (ServerMetrics metrics = new ServerMetrics()) {
      try (EkmServer server = serverWith(metrics)) {
        assertThat(server.adminPort()).isEmpty();
        feed(metrics.listener());
        TYPE.matcher(metrics.scrape())
            .results()
            .filter(type -> !type.group(1).endsWith("_max"))
            .forEach(type -> scraped.add(type.group(1)));
      }
    }

    assertThat(documented(PAGE.table("Name", "Labels", "Means"), "Name")).isEqualTo(scraped);
  }

  @Test
  void labels_areThoseOfTheMetrics() {
    try (ServerMetrics metrics = new ServerMetrics()) {
      feed(metrics.listener());
      String scrape = metrics.scrape();
      for (var row : PAGE.table("Name", "Labels", "Means").rows()) {
        for (String label : Page.codes(row.get(1))) {
          assertThat(scrape)
              .as("label %s of %s", label, row.get(0))
              .containsPattern("(?m)^" + Page.code(row.get(0)) + "\\S*\\{[^}]*\\b" + label + "=");
        }
      }
    }
  }

  private static Set<String> documented(Page.Table table, String column) {
    return table.column(column).stream()
        .map(Page::code)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static EkmServer serverWith(ServerMetrics metrics) {
    return EkmServer.builder()
        .endpoint((request, deadline) -> new EkmResponse(200, Map.of(), new byte[0]))
        .listenOn(
            EndpointConfig.of(
                new ListenerConfig("127.0.0.1", 0, Optional.empty(), HttpLimits.defaults())))
        .metrics(metrics)
        .build();
  }

  private static void feed(MicrometerEkmListener listener) {
    listener.onCall(
        new CallCompleted(Optional.of(Operation.ENCRYPT), Optional.of(EkmErrorCode.TOO_BUSY), 1));
    listener.onBackendCall(new BackendCallCompleted("main", "encrypt", "ok", 1));
    listener.onBreakerState("main", "OPEN");
    listener.onAuditBatch(new AuditBatchCompleted(1, true, 1));
    listener.onTokenKeys(new TokenKeysRefreshed("domain", 1, true));
    listener.onRevision(1);
    listener.onWarning("token-keys", "text");
  }
}
