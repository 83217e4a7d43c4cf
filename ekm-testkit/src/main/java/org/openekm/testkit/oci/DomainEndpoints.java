// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/** Answers the domain's HTTP requests. Thread-safe. */
final class DomainEndpoints implements ResponseDefinitionTransformerV2 {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final DomainState state;
  private final Map<DomainEndpoint, Outage> outages = new ConcurrentHashMap<>();
  private final Map<DomainEndpoint, AtomicInteger> requests = new EnumMap<>(DomainEndpoint.class);
  private volatile boolean jwksProtected;
  private volatile Optional<String> jwksText = Optional.empty();

  DomainEndpoints(DomainState state, boolean jwksProtected) {
    this.state = state;
    this.jwksProtected = jwksProtected;
    for (DomainEndpoint endpoint : DomainEndpoint.values()) {
      requests.put(endpoint, new AtomicInteger());
    }
  }

  void protectJwks(boolean value) {
    jwksProtected = value;
  }

  void serveJwks(Optional<String> text) {
    jwksText = text;
  }

  void outage(DomainEndpoint endpoint, Outage outage) {
    outages.put(endpoint, outage);
  }

  void recover() {
    outages.clear();
  }

  int requests(DomainEndpoint endpoint) {
    return counter(endpoint).get();
  }

  private AtomicInteger counter(DomainEndpoint endpoint) {
    return requests.getOrDefault(endpoint, new AtomicInteger());
  }

  @Override
  public String getName() {
    return "identity-domain";
  }

  @Override
  public ResponseDefinition transform(ServeEvent event) {
    Request request = event.getRequest();
    String path = URI.create(request.getUrl()).getPath();
    return DomainEndpoint.at(path)
        .map(endpoint -> answer(endpoint, path, request))
        .orElseGet(() -> aResponse().withStatus(404))
        .withHeader("Date", state.httpDate())
        .build();
  }

  private ResponseDefinitionBuilder answer(DomainEndpoint endpoint, String path, Request request) {
    counter(endpoint).incrementAndGet();
    Outage outage = outages.get(endpoint);
    if (outage == null) {
      return rightAnswer(endpoint, path, request);
    }
    if (outage instanceof Outage.Slow slow) {
      int millis = Math.toIntExact(slow.delay().toMillis());
      return rightAnswer(endpoint, path, request).withFixedDelay(millis);
    }
    return wrongAnswer(outage);
  }

  private static ResponseDefinitionBuilder wrongAnswer(Outage outage) {
    if (outage instanceof Outage.Body body) {
      return json(body.status(), body.text());
    }
    if (outage instanceof Outage.Huge huge) {
      return json(200, "{\"padding\":\"" + "x".repeat(Math.max(0, huge.bytes() - 14)) + "\"}");
    }
    if (outage instanceof Outage.Redirect redirect) {
      return aResponse().withStatus(302).withHeader("Location", redirect.target().toString());
    }
    return aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER);
  }

  private ResponseDefinitionBuilder rightAnswer(
      DomainEndpoint endpoint, String path, Request request) {
    return switch (endpoint) {
      case TOKEN -> token(request);
      case DISCOVERY -> json(200, discovery(path, request));
      case JWKS -> jwks(request);
    };
  }

  private String discovery(String path, Request request) {
    String base = URI.create(request.getAbsoluteUrl()).resolve("/").toString();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("issuer", state.issuer());
    document.put("authorization_endpoint", base + "oauth2/v1/authorize");
    document.put("token_endpoint", base + DomainEndpoint.TOKEN.path().substring(1));
    document.put("jwks_uri", base + DomainEndpoint.JWKS.path().substring(1));
    document.put("grant_types_supported", List.of("client_credentials"));
    document.put("id_token_signing_alg_values_supported", List.of("RS256"));
    document.put("token_endpoint_auth_methods_supported", List.of("client_secret_basic"));
    boolean wrapped = path.equals(DomainEndpoint.WRAPPED_DISCOVERY_PATH);
    return JSON.writeValueAsString(wrapped ? Map.of("openid-configuration", document) : document);
  }

  private ResponseDefinitionBuilder jwks(Request request) {
    if (jwksProtected && !bearer(request).map(state::isOwnToken).orElse(false)) {
      return json(401, "{\"detail\":\"You are not authorized to access this resource.\"}")
          .withHeader("WWW-Authenticate", "Bearer");
    }
    return json(200, jwksText.orElseGet(state::jwks));
  }

  private ResponseDefinitionBuilder token(Request request) {
    if (!request.getMethod().getName().equals("POST")) {
      return oauthError(405, "invalid_request", "Use POST.");
    }
    Optional<OAuthApp> app = authenticate(request);
    if (app.isEmpty()) {
      return oauthError(401, "invalid_client", "Client authentication failed.");
    }
    Map<String, String> form = form(request.getBodyAsString());
    if (!"client_credentials".equals(form.get("grant_type"))) {
      return oauthError(400, "unsupported_grant_type", "Only client_credentials is offered.");
    }
    return issue(app.get(), form.getOrDefault("scope", ""))
        .map(this::tokenAnswer)
        .orElseGet(() -> oauthError(400, "invalid_scope", "Invalid scope."));
  }

  /** Requests name audience and scope as one word, tokens name them apart. */
  private Optional<String> issue(OAuthApp app, String wanted) {
    if (wanted.equals(DomainState.OWN_SCOPES)) {
      return Optional.of(state.ownToken(app));
    }
    return app.scopes().stream()
        .filter(scope -> wanted.equals(app.audience() + scope))
        .findFirst()
        .map(
            scope ->
                state
                    .mint(app.clientId())
                    .audience(app.audience())
                    .scope(scope)
                    .claim("client_name", app.name())
                    .serialize());
  }

  private ResponseDefinitionBuilder tokenAnswer(String token) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("access_token", token);
    answer.put("token_type", "Bearer");
    answer.put("expires_in", state.tokenLifetime().toSeconds());
    return json(200, JSON.writeValueAsString(answer)).withHeader("Cache-Control", "no-store");
  }

  private Optional<OAuthApp> authenticate(Request request) {
    String header = request.getHeader("Authorization");
    if (header == null || !header.startsWith("Basic ")) {
      return Optional.empty();
    }
    String pair;
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring("Basic ".length()).trim());
      pair = new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    return state
        .app(pair.substring(0, colon))
        .filter(app -> same(app.clientSecret(), pair.substring(colon + 1)));
  }

  private static Optional<String> bearer(Request request) {
    return Optional.ofNullable(request.getHeader("Authorization"))
        .filter(header -> header.startsWith("Bearer "))
        .map(header -> header.substring("Bearer ".length()).trim());
  }

  private static Map<String, String> form(String body) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : body.split("&", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        fields.put(decode(field.substring(0, equals)), decode(field.substring(equals + 1)));
      }
    }
    return fields;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static ResponseDefinitionBuilder oauthError(int status, String error, String text) {
    return json(status, JSON.writeValueAsString(Map.of("error", error, "error_description", text)));
  }

  private static ResponseDefinitionBuilder json(int status, String body) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/json")
        .withBody(body);
  }
}
