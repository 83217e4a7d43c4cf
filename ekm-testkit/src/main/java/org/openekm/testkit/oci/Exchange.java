// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** Sends a request with OCI's limits and retries. Thread-safe. */
final class Exchange {

  private final HttpClient http;
  private final TokenSource tokens;
  private final Duration readTimeout;
  private final int retries;

  Exchange(HttpClient http, TokenSource tokens, Duration readTimeout, int retries) {
    this.http = http;
    this.tokens = tokens;
    this.readTimeout = readTimeout;
    this.retries = retries;
  }

  OciResponse send(String method, URI url, Optional<String> body) {
    String requestId = hex(UUID.randomUUID()) + "/" + hex(UUID.randomUUID());
    long start = System.nanoTime();
    Attempt attempt;
    int attempts = 0;
    try {
      HttpRequest request = request(method, url, body, requestId);
      do {
        attempt = attempt(request);
        attempts++;
      } while (attempt.worthRetrying() && attempts <= retries);
    } catch (TokenUnavailableException e) {
      attempt = Attempt.failed(e.reason(), false);
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return new OciResponse(
        attempt.status(),
        attempt.body(),
        attempt.headers(),
        elapsed,
        attempts,
        requestId,
        attempt.failure());
  }

  private HttpRequest request(String method, URI url, Optional<String> body, String requestId) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(url)
            .timeout(readTimeout)
            .header("Authorization", "Bearer " + tokens.token())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("opc-request-id", requestId);
    return builder
        .method(
            method,
            body.map(HttpRequest.BodyPublishers::ofString)
                .orElseGet(HttpRequest.BodyPublishers::noBody))
        .build();
  }

  private Attempt attempt(HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    try {
      return Attempt.answered(answer.get(readTimeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      answer.cancel(true);
      return timedOut();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.cancel(true);
      return Attempt.failed("interrupted", false);
    } catch (ExecutionException e) {
      return failed(Optional.ofNullable(e.getCause()).orElse(e));
    }
  }

  private Attempt failed(Throwable cause) {
    if (cause instanceof HttpConnectTimeoutException) {
      return Attempt.failed("no connection in time", true);
    }
    if (cause instanceof HttpTimeoutException) {
      return timedOut();
    }
    if (cause instanceof ConnectException) {
      return Attempt.failed("connection refused", true);
    }
    boolean tls = cause instanceof SSLException;
    return Attempt.failed(
        (tls ? "TLS failed: " : "connection broken: ") + cause.getMessage(), !tls);
  }

  private Attempt timedOut() {
    return Attempt.failed("no answer within " + readTimeout.toMillis() + " ms", true);
  }

  private static String hex(UUID id) {
    return id.toString().replace("-", "");
  }

  private record Attempt(
      int status,
      String body,
      Map<String, String> headers,
      Optional<String> failure,
      boolean worthRetrying) {

    static Attempt answered(HttpResponse<byte[]> answer) {
      Map<String, String> headers =
          answer.headers().map().entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get(0)));
      String body = new String(answer.body(), StandardCharsets.UTF_8);
      boolean serverError = answer.statusCode() >= 500;
      return new Attempt(answer.statusCode(), body, headers, Optional.empty(), serverError);
    }

    static Attempt failed(String reason, boolean worthRetrying) {
      return new Attempt(0, "", Map.of(), Optional.of(reason), worthRetrying);
    }
  }
}
