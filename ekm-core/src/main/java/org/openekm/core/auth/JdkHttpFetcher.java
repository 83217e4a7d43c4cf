// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.openekm.api.Bytes;

/** The fetcher over {@code java.net.http}. Certificates and host names are always checked. */
final class JdkHttpFetcher implements HttpFetcher {

  private static final int MAX_REASON = 200;

  private final HttpClient client;
  private final Duration timeout;
  private final int maxBytes;

  /**
   * Makes a fetcher.
   *
   * @param timeout for one request from connect to the last byte
   */
  JdkHttpFetcher(SSLContext tls, Duration timeout, int maxBytes) {
    // The client's callbacks are short and run on its own selector thread: no pool of its own.
    this.client =
        HttpClient.newBuilder()
            .sslContext(tls)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .executor(Runnable::run)
            .build();
    this.timeout = timeout;
    this.maxBytes = maxBytes;
  }

  @Override
  public Bytes fetch(Request request) {
    HttpResponse<Bytes> response = await(client.sendAsync(message(request), this::subscriber));
    if (response.statusCode() != 200) {
      throw new FetchException(explain(response.statusCode()));
    }
    return response.body();
  }

  private HttpRequest message(Request request) {
    HttpRequest.Builder message =
        HttpRequest.newBuilder(request.uri()).header("Accept", "application/json");
    request.authorization().ifPresent(value -> message.header("Authorization", value));
    request
        .form()
        .ifPresent(
            form ->
                message
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form)));
    return message.build();
  }

  private HttpResponse.BodySubscriber<Bytes> subscriber(HttpResponse.ResponseInfo info) {
    // What comes with another status is not read at all.
    return new BoundedBody(info.statusCode() == 200 ? maxBytes : 0);
  }

  private HttpResponse<Bytes> await(CompletableFuture<HttpResponse<Bytes>> answer) {
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new FetchException("did not answer within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new FetchException(reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException("was interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  private static String explain(int status) {
    String advice =
        switch (status) {
          case 301, 302, 303, 307, 308 -> "redirects are not followed: configure the final URL";
          case 401, 403 -> "check the client id and secret, or make the signing keys public";
          default -> "expected 200";
        };
    return "answered " + status + "; " + advice;
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String text = cause.getClass().getSimpleName() + ": " + cause.getMessage();
    return text.substring(0, Math.min(text.length(), MAX_REASON)).replaceAll("\\p{Cntrl}", " ");
  }
}
