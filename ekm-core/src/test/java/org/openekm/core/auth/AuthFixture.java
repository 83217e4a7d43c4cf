// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.RecordingListener;
import org.openekm.testkit.fake.TestSecrets;

/** A verifier over a real loopback server, with a clock that the test moves. */
final class AuthFixture implements AutoCloseable {

  static final String JWKS = "/admin/v1/SigningCert/jwk";

  final ManualClock clock = new ManualClock();
  final RecordingListener listener = new RecordingListener();
  final TestSecrets secrets = new TestSecrets();
  final ExecutorService executor = Executors.newCachedThreadPool(daemons("auth-fetch"));
  final ScheduledExecutorService scheduler =
      Executors.newScheduledThreadPool(1, daemons("auth-timer"));
  final LoopbackServer server;
  final JwtTokenVerifier verifier;
  final IssuerRecord issuer;

  /** Keys fetched once at the start; later fetches only when a test makes them happen. */
  private static TokenCheckConfig.Builder quiet() {
    return TokenCheckConfig.builder()
        .allowLoopbackHttp(true)
        .refreshInterval(Duration.ofHours(1))
        .fetchTimeout(Duration.ofSeconds(5));
  }

  private AuthFixture(
      LoopbackServer server,
      UnaryOperator<TokenCheckConfig.Builder> config,
      Consumer<JwtTokenVerifierBuilder> parts) {
    this.server = server;
    JwtTokenVerifierBuilder builder =
        JwtTokenVerifier.builder()
            .config(config.apply(quiet()).build())
            .clock(clock)
            .nanoClock(clock)
            .executor(executor)
            .scheduler(scheduler)
            .secrets(secrets)
            .listener(listener);
    parts.accept(builder);
    this.verifier = builder.build();
    this.issuer = issuerOf("home", List.of(), List.of(server.url(JWKS)));
  }

  /** A fixture whose server publishes key A, fetched already. */
  static AuthFixture ready() throws IOException {
    return ready(config -> config);
  }

  static AuthFixture ready(UnaryOperator<TokenCheckConfig.Builder> config) throws IOException {
    AuthFixture fixture = of(config);
    fixture.publish(TokenForge.jwk(TokenForge.A));
    fixture.registerAndAwaitKeys(fixture.issuer);
    return fixture;
  }

  /** A fixture that knows no issuer yet. */
  static AuthFixture of(UnaryOperator<TokenCheckConfig.Builder> config) throws IOException {
    return new AuthFixture(LoopbackServer.http(), config, builder -> {});
  }

  static AuthFixture over(LoopbackServer server, Consumer<JwtTokenVerifierBuilder> parts) {
    return new AuthFixture(server, config -> config, parts);
  }

  static IssuerRecord issuerOf(String name, List<URI> discovery, List<URI> jwks) {
    return new IssuerRecord(
        new IssuerId(
            UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))),
        name,
        discovery,
        jwks,
        Set.of(),
        Optional.empty(),
        Instant.EPOCH);
  }

  void publish(String... jwks) {
    server.on(JWKS, LoopbackServer.json(TokenForge.jwks(jwks)));
  }

  void register(IssuerRecord... issuers) {
    verifier.issuers(List.of(issuers));
  }

  void registerAndAwaitKeys(IssuerRecord... issuers) {
    register(issuers);
    Awaitility.await("keys")
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(verifier.check().healthy()).isTrue());
  }

  /** Waits until so many fetches have ended, well or not. */
  void awaitFetches(int count) {
    Awaitility.await("fetches")
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(listener.tokenKeys()).hasSizeGreaterThanOrEqualTo(count));
  }

  /** Makes the verifier fetch again, as a token by an unknown key does, and waits for the end. */
  void refetch() {
    int before = listener.tokenKeys().size();
    clock.advance(Duration.ofMinutes(2));
    // A fetch is over a moment after it is reported, and until then it holds back the next one.
    Awaitility.await("refetch")
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(
            () -> {
              refusal(token().signedBy(TokenForge.ATTACKER));
              assertThat(listener.tokenKeys()).hasSizeGreaterThan(before);
            });
  }

  TokenForge token() {
    return TokenForge.valid(clock.instant());
  }

  VerifiedClient verify(String token) {
    return verifier.verify(issuer, token);
  }

  void assertAccepted(String token) {
    assertThat(verify(token).clientId()).isEqualTo(TokenForge.CLIENT);
  }

  /** Returns the detail of the refusal, which must be a plain 401. */
  String refusal(String token) {
    return refusal(issuer, token);
  }

  String refusal(IssuerRecord record, String token) {
    EkmException refused =
        catchThrowableOfType(EkmException.class, () -> verifier.verify(record, token));
    assertThat(refused).as("the token was accepted").isNotNull();
    assertThat(refused.code()).isEqualTo(EkmErrorCode.TOKEN_INVALID);
    return refused.safeDetail();
  }

  @Override
  public void close() {
    verifier.close();
    scheduler.shutdownNow();
    executor.shutdownNow();
    server.close();
  }

  private static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
