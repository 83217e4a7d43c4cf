// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.api.RequestId;
import org.openekm.core.admin.AdminContext;
import org.openekm.core.admin.AdminException;
import org.openekm.core.admin.AdminIdentity;
import org.openekm.spi.InvalidConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers management requests under {@code /admin/v1}: credential first, then path, body, use case.
 * Must be called on a worker thread in blocking mode. Thread-safe.
 */
public final class AdminApi implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
  private static final String PREFIX = "/admin/v1";
  private static final int MAX_BODY = 256 << 10;
  private static final int DEFAULT_LOGIN_FAILURES = 10;
  private static final HttpString REQUEST_ID = HttpString.tryFromString("opc-request-id");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final AdminResources resources;
  private final AdminCalls calls;
  private final AdminLogin login;

  /**
   * Makes the API over these use cases, with the usual limit of wrong credentials.
   *
   * @param root the credential that may do everything
   */
  public AdminApi(AdminResources resources, AdminCredential root) {
    this(resources, root, DEFAULT_LOGIN_FAILURES);
  }

  /**
   * Makes the API over these use cases.
   *
   * @param root the credential that may do everything
   * @param loginFailures how many wrong credentials one address may send per minute; 0 for no limit
   */
  public AdminApi(AdminResources resources, AdminCredential root, int loginFailures) {
    this.resources = resources;
    this.calls = new AdminCalls(resources, InstantSource.system());
    this.login =
        new AdminLogin(
            root, resources.access(), new LoginFailures(loginFailures, NanoClock.system()));
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    RequestId requestId = requestId(exchange);
    exchange.getResponseHeaders().put(REQUEST_ID, requestId.value());
    Duration wait = login.waitOf(exchange);
    if (!wait.isZero()) {
      exchange.getResponseHeaders().put(Headers.RETRY_AFTER, wait.toSeconds() + 1);
      send(
          exchange,
          AdminProblem.of(
              429, "Too many wrong credentials came from your address; try again in a minute."));
      return;
    }
    try {
      Optional<AdminIdentity> identity = login.identify(exchange);
      if (identity.isPresent()) {
        dispatch(exchange, context(exchange, requestId, identity.get()));
      } else {
        refuse(exchange, requestId);
      }
    } catch (AdminException e) {
      send(exchange, AdminProblem.of(e));
    } catch (InvalidConfigurationException e) {
      send(exchange, AdminProblem.of(e));
    } catch (EkmException e) {
      LOG.warn("management request {} failed: {}", requestId, e.safeDetail());
      send(exchange, AdminProblem.of(e.code().httpStatus(), e.safeDetail()));
    } catch (JacksonException e) {
      send(exchange, AdminProblem.of(400, "The body is not the JSON that it should be."));
    } catch (IOException e) {
      LOG.warn(
          "the body of management request {} could not be read: {}", requestId, e.getMessage());
      send(exchange, AdminProblem.of(400, "The body could not be read."));
    } catch (RuntimeException e) {
      LOG.error("management request {} failed by a fault of ours", requestId, e);
      send(
          exchange,
          AdminProblem.of(
              500, "Internal error; the log has it under this request id: " + requestId));
    }
  }

  private void refuse(HttpServerExchange exchange, RequestId requestId) {
    InetAddress source = exchange.getSourceAddress().getAddress();
    LOG.warn(
        "management request {} from {} without the right credential was refused",
        requestId,
        source.getHostAddress());
    try {
      resources
          .access()
          .recordRefused(
              requestId,
              Optional.of(source),
              AdminLogin.shown(exchange),
              !login.waitOf(exchange).isZero());
    } catch (EkmException e) {
      LOG.warn("the refusal of {} is not in the audit: {}", requestId, e.safeDetail());
    }
    exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
    send(exchange, AdminProblem.of(401, "The admin credential is missing or wrong."));
  }

  private void dispatch(HttpServerExchange exchange, AdminContext context) throws IOException {
    String path = exchange.getRequestPath();
    if (path.equals(OpenApiDocument.PATH) && exchange.getRequestMethod().equals(Methods.GET)) {
      OpenApiDocument.answer().send(exchange);
      return;
    }
    if (!path.startsWith(PREFIX + "/")) {
      send(exchange, AdminProblem.of(404, "No such path."));
      return;
    }
    List<String> segments = AdminRoute.split(path.substring(PREFIX.length()));
    Set<String> methods = new TreeSet<>();
    for (int i = 0; i < calls.routes().size(); i++) {
      AdminRoute route = calls.routes().get(i);
      Optional<Map<String, String>> names = route.match(segments);
      if (names.isPresent()) {
        if (route.method().equals(exchange.getRequestMethod().toString())) {
          resources.access().requireSomewhere(context, route.verb(), route.action());
          Conditions conditions = Conditions.of(exchange.getRequestHeaders());
          AdminRequest request = request(exchange, context, names.get());
          calls.answer(i, request, conditions).send(exchange);
          return;
        }
        methods.add(route.method());
      }
    }
    if (methods.isEmpty()) {
      send(exchange, AdminProblem.of(404, "No such path."));
    } else {
      exchange.getResponseHeaders().put(Headers.ALLOW, String.join(", ", methods));
      send(exchange, AdminProblem.of(405, "This path takes " + String.join(", ", methods) + "."));
    }
  }

  private static AdminContext context(
      HttpServerExchange exchange, RequestId requestId, AdminIdentity identity) {
    return new AdminContext(
        identity,
        requestId,
        Optional.ofNullable(exchange.getSourceAddress()).map(InetSocketAddress::getAddress));
  }

  private static AdminRequest request(
      HttpServerExchange exchange, AdminContext context, Map<String, String> names)
      throws IOException {
    return new AdminRequest(
        context, names, new QueryParameters(exchange.getQueryParameters()), body(exchange));
  }

  private static JsonNode body(HttpServerExchange exchange) throws IOException {
    byte[] bytes;
    try (InputStream in = exchange.getInputStream()) {
      bytes = in.readNBytes(MAX_BODY + 1);
    }
    try {
      if (bytes.length > MAX_BODY) {
        throw new IOException("it is larger than " + MAX_BODY + " bytes");
      }
      JsonNode body = bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
      if (!body.isObject()) {
        throw new IOException("it is not a JSON object");
      }
      return body;
    } finally {
      // It may have brought key material.
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static RequestId requestId(HttpServerExchange exchange) {
    String sent = exchange.getRequestHeaders().getFirst(REQUEST_ID);
    return sent != null && RequestId.isValid(sent)
        ? new RequestId(sent)
        : new RequestId(UUID.randomUUID().toString());
  }

  private static void send(HttpServerExchange exchange, AdminProblem problem) {
    problem.answer().send(exchange);
  }
}
