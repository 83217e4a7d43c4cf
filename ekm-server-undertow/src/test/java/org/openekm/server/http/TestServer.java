// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.openekm.core.endpoint.EkmEndpoint;
import org.openekm.core.endpoint.EkmRequest;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.server.EkmServer;
import org.openekm.testkit.fake.RecordingListener;

/**
 * A server on a free port in front of an endpoint that remembers what reached it and answers with
 * the body's length.
 */
final class TestServer implements AutoCloseable {

  static final String PATH = "/ekm/v1/vaults/v1/keys/k1/encrypt";

  /** What reached the endpoint. */
  record Seen(
      String method,
      String path,
      String query,
      String body,
      Optional<String> authorization,
      Optional<String> requestId) {}

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final RecordingListener listener = new RecordingListener();
  private final EkmServer server;

  TestServer() {
    this(UnaryOperator.identity());
  }

  TestServer(UnaryOperator<EndpointConfig> adjust) {
    this(adjust, Optional.empty());
  }

  TestServer(UnaryOperator<EndpointConfig> adjust, EkmEndpoint endpoint) {
    this(adjust, Optional.of(endpoint));
  }

  private TestServer(UnaryOperator<EndpointConfig> adjust, Optional<EkmEndpoint> endpoint) {
    EndpointConfig config = adjust.apply(config(HttpLimits.defaults()));
    server =
        EkmServer.builder()
            .endpoint(endpoint.orElseGet(this::recording))
            .listenOn(config)
            .listener(listener)
            .build();
    server.start();
  }

  static EndpointConfig config(HttpLimits limits) {
    EndpointConfig usual =
        EndpointConfig.of(new ListenerConfig("127.0.0.1", 0, Optional.empty(), limits));
    return withDeadline(usual, Duration.ofSeconds(5));
  }

  static EndpointConfig withDeadline(EndpointConfig config, Duration deadline) {
    return new EndpointConfig(
        config.listener(), config.mounts(), deadline, config.accessLog(), config.url());
  }

  static EndpointConfig withLimits(EndpointConfig config, HttpLimits limits) {
    ListenerConfig listener = config.listener();
    return new EndpointConfig(
        new ListenerConfig(listener.host(), listener.port(), listener.tls(), limits),
        config.mounts(),
        config.deadline(),
        config.accessLog(),
        config.url());
  }

  static EndpointConfig withConnections(EndpointConfig config, HttpLimits.Connections connections) {
    HttpLimits usual = config.listener().limits();
    return withLimits(config, new HttpLimits(usual.request(), connections, usual.work()));
  }

  static EndpointConfig withWork(EndpointConfig config, HttpLimits.Work work) {
    HttpLimits usual = config.listener().limits();
    return withLimits(config, new HttpLimits(usual.request(), usual.connections(), work));
  }

  private EkmEndpoint recording() {
    return (request, deadline) -> {
      seen.add(seen(request));
      String json = "{\"length\":" + request.body().length() + "}";
      return new EkmResponse(200, Map.of(), json.getBytes(StandardCharsets.UTF_8));
    };
  }

  static Seen seen(EkmRequest request) {
    return new Seen(
        request.method(),
        request.path(),
        request.query(),
        new String(request.body().array(), StandardCharsets.UTF_8),
        request.headers().authorization(),
        request.headers().requestId());
  }

  RawHttp connect() {
    return RawHttp.to(server.port());
  }

  EkmServer server() {
    return server;
  }

  /** Says whether a plain, good request is still answered. */
  boolean answers() {
    try (RawHttp client = connect()) {
      return RawHttp.status(client.send(post("{}")).response()) == 200;
    }
  }

  static String post(String body) {
    return "POST "
        + PATH
        + " HTTP/1.1\r\nHost: ekm\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Override
  public void close() {
    server.stop(Duration.ZERO);
  }
}
