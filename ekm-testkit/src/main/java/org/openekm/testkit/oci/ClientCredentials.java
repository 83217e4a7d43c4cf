// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gets tokens by OAuth 2 client credentials, keeps one and fetches the next a minute before it
 * ends. Thread-safe; while one thread fetches, the others wait for it.
 */
public final class ClientCredentials implements TokenSource {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration MARGIN = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http;
  private final URI tokenUrl;
  private final OAuthApp app;
  private final String scope;
  private final InstantSource clock;
  private Optional<Held> held = Optional.empty();

  /**
   * Makes a source that asks for the scope {@code oci_ekms} of the application's audience.
   *
   * @param http has to trust the identity domain
   * @param tokenUrl where tokens are handed out
   * @param app the client application
   * @param clock tells when a token ends
   */
  public ClientCredentials(HttpClient http, URI tokenUrl, OAuthApp app, InstantSource clock) {
    this(http, tokenUrl, app, app.audience() + FakeIdentityDomain.EKMS_SCOPE, clock);
  }

  /** Makes a source that asks for this scope, which in OCI begins with the audience. */
  public ClientCredentials(
      HttpClient http, URI tokenUrl, OAuthApp app, String scope, InstantSource clock) {
    this.http = http;
    this.tokenUrl = tokenUrl;
    this.app = app;
    this.scope = scope;
    this.clock = clock;
  }

  @Override
  public synchronized String token() {
    Instant now = clock.instant();
    Optional<Held> usable = held.filter(token -> token.goodUntil().isAfter(now));
    if (usable.isEmpty()) {
      held = Optional.of(fetch(now));
    }
    return held.orElseThrow().token();
  }

  /** Fetches a new token the next time. */
  public synchronized void forget() {
    held = Optional.empty();
  }

  private Held fetch(Instant now) {
    HttpResponse<String> answer = send();
    if (answer.statusCode() != 200) {
      throw new TokenUnavailableException(
          "the identity domain answered " + answer.statusCode() + " to the token request", null);
    }
    try {
      JsonNode body = JSON.readTree(answer.body());
      Duration lifetime = Duration.ofSeconds(body.path("expires_in").asLong(0));
      return new Held(body.path("access_token").asString(), goodUntil(now, lifetime));
    } catch (JacksonException e) {
      throw new TokenUnavailableException("the identity domain's answer is no token", e);
    }
  }

  /** Short-lived tokens are used for half of their life: the margin would leave nothing. */
  private static Instant goodUntil(Instant now, Duration lifetime) {
    Duration half = lifetime.dividedBy(2);
    return now.plus(lifetime.minus(MARGIN).compareTo(half) > 0 ? lifetime.minus(MARGIN) : half);
  }

  private HttpResponse<String> send() {
    String pair = app.clientId() + ":" + app.clientSecret();
    String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    String form =
        "grant_type=client_credentials&scope=" + URLEncoder.encode(scope, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(tokenUrl)
            .timeout(TIMEOUT)
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new TokenUnavailableException("the identity domain can't be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokenUnavailableException("interrupted while waiting for a token", e);
    }
  }

  private record Held(String token, Instant goodUntil) {}
}
