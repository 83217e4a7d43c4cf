// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the server's admin API as an operator's tool would. */
final class AdminClient {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final URI base;
  private final String credential;

  AdminClient(URI base, String credential) {
    this.base = base;
    this.credential = credential;
  }

  /** Sends a POST to a path below {@code /admin/v1}. */
  AdminAnswer post(String path, Map<String, ?> body) {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve("/admin/v1" + path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + credential)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    long start = System.nanoTime();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      return new AdminAnswer(answer.statusCode(), parse(answer.body()), elapsed);
    } catch (IOException e) {
      throw new DemoFailedException("the admin API did not answer to " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailedException("interrupted", e);
    }
  }

  /** Tells whether the server says that it is ready. */
  boolean isReady() {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve("/health/ready")).timeout(TIMEOUT).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailedException("interrupted", e);
    }
  }

  private static JsonNode parse(String body) {
    try {
      return body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body);
    } catch (JacksonException e) {
      return JSON.createObjectNode().put("detail", "the answer is no JSON");
    }
  }
}
