// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openekm.spi.event.TokenKeysRefreshed;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.testkit.fake.RecordingListener;

/**
 * The identity domain fails: requests never wait, good keys serve on for a while, nobody gets in.
 */
class JwksOutageTest {

  private AuthFixture auth;

  @BeforeEach
  void start() throws IOException {
    auth = AuthFixture.of(config -> config.fetchTimeout(Duration.ofSeconds(2)));
  }

  @AfterEach
  void stop() {
    auth.close();
  }

  static Stream<Arguments> failures() {
    String keys = TokenForge.jwks(TokenForge.jwk(TokenForge.A));
    return Stream.of(
        Arguments.of("500", LoopbackServer.status(500, "", keys), "answered 500"),
        Arguments.of("503", LoopbackServer.status(503, "", keys), "answered 503"),
        Arguments.of("401", LoopbackServer.status(401, "", keys), "client id and secret"),
        Arguments.of("404", LoopbackServer.status(404, "", keys), "answered 404"),
        Arguments.of("201", LoopbackServer.status(201, "", keys), "answered 201"),
        Arguments.of("empty body", LoopbackServer.json(""), "not a JSON object"),
        Arguments.of("HTML", LoopbackServer.json("<html>down</html>"), "strict JSON"),
        Arguments.of("list", LoopbackServer.json("[" + keys + "]"), "not a JSON object"),
        Arguments.of("no keys member", LoopbackServer.json("{\"error\":\"x\"}"), "keys"),
        Arguments.of("keys is no list", LoopbackServer.json("{\"keys\":{}}"), "keys"),
        Arguments.of("keys are texts", LoopbackServer.json("{\"keys\":[\"a\"]}"), "keys"),
        Arguments.of(
            "keys twice",
            LoopbackServer.json(keys.replaceFirst("\\{", "{\"keys\":[],")),
            "strict JSON"),
        Arguments.of("text behind", LoopbackServer.json(keys + "{}"), "strict JSON"),
        Arguments.of("cut off", cutOff(keys), "Exception"),
        Arguments.of("no HTTP", (LoopbackServer.Answer) (r, out) -> out.write(new byte[64]), ""),
        Arguments.of("17 keys", LoopbackServer.json(many(17)), "at most 16"));
  }

  private static LoopbackServer.Answer cutOff(String keys) {
    return (request, out) ->
        out.write(("HTTP/1.1 200 x\r\nContent-Length: 9999\r\n\r\n" + keys).getBytes(ISO_8859_1));
  }

  private static String many(int count) {
    return TokenForge.jwks(
        java.util.Collections.nCopies(count, TokenForge.jwk(TokenForge.A)).toArray(String[]::new));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void verify_domainFailsFromTheStart_refusesAndSaysWhy(
      String name, LoopbackServer.Answer answer, String reason) {
    auth.server.on(AuthFixture.JWKS, answer);
    auth.register(auth.issuer);
    auth.awaitFetches(1);
    assertThat(auth.refusal(auth.token().signed())).contains("not there");
    assertThat(auth.refusal(auth.token().header("{\"alg\":\"none\"}").unsigned()))
        .contains("not there");
    assertThat(auth.listener.tokenKeys().get(0))
        .isEqualTo(new TokenKeysRefreshed(auth.issuer.id().toString(), 0, false));
    assertThat(warnings()).allMatch(text -> text.contains(reason));
    assertThat(auth.verifier.check().healthy()).isFalse();
    assertThat(auth.verifier.check().message()).contains("home");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void verify_domainFailsLater_servesTheLastGoodKeys(
      String name, LoopbackServer.Answer answer, String reason) {
    auth.publish(TokenForge.jwk(TokenForge.A));
    auth.registerAndAwaitKeys(auth.issuer);
    auth.server.on(AuthFixture.JWKS, answer);
    auth.refetch();
    auth.assertAccepted(auth.token().signed());
    assertThat(auth.listener.tokenKeys())
        .contains(new TokenKeysRefreshed(auth.issuer.id().toString(), 1, false));
  }

  @Test
  void verify_redirect_isNotFollowed() {
    auth.server.on(
        "/elsewhere", LoopbackServer.json(TokenForge.jwks(TokenForge.jwk(TokenForge.A))));
    for (int status : new int[] {301, 302, 303, 307, 308}) {
      String location = "Location: " + auth.server.url("/elsewhere") + "\r\n";
      auth.server.on(AuthFixture.JWKS, LoopbackServer.status(status, location, ""));
      auth.register();
      int before = auth.listener.tokenKeys().size();
      auth.register(auth.issuer);
      auth.awaitFetches(before + 1);
    }
    assertThat(auth.server.requests("/elsewhere")).isEmpty();
    assertThat(auth.refusal(auth.token().signed())).contains("not there");
    assertThat(warnings()).allMatch(text -> text.contains("redirects are not followed"));
  }

  @Test
  void verify_bodyOfTenMegabytes_isCutOffAtOne() {
    byte[] chunk = new byte[64 * 1024];
    java.util.Arrays.fill(chunk, (byte) ' ');
    auth.server.on(
        AuthFixture.JWKS,
        (request, out) -> {
          out.write("HTTP/1.1 200 x\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
          for (int i = 0; i < 160; i++) {
            out.write(chunk);
          }
        });
    auth.register(auth.issuer);
    auth.awaitFetches(1);
    assertThat(auth.refusal(auth.token().signed())).contains("not there");
    assertThat(warnings()).allMatch(text -> text.contains("more than 1048576 bytes"));
  }

  @Test
  void verify_slowDomain_neverMakesARequestWait() throws IOException {
    try (AuthFixture slow = AuthFixture.ready(c -> c.fetchTimeout(Duration.ofSeconds(60)))) {
      slow.server.on(AuthFixture.JWKS, slow.server.silence());
      slow.clock.advance(Duration.ofMinutes(2));
      slow.refusal(slow.token().signedBy(TokenForge.B));
      Awaitility.await().until(() -> slow.server.requests(AuthFixture.JWKS).size() == 2);
      String good = slow.token().signed();
      for (int i = 0; i < 20; i++) {
        slow.assertAccepted(good);
        slow.assertAccepted(slow.token().claim("x", i).signed());
        slow.refusal(slow.token().claim("x", i).signedBy(TokenForge.ATTACKER));
      }
      assertThat(slow.listener.tokenKeys()).as("the second fetch still hangs").hasSize(1);
    }
  }

  @Test
  void verify_slowDomainFromTheStart_refusesAtOnceAndRecovers() {
    auth.server.on(AuthFixture.JWKS, auth.server.silence());
    auth.register(auth.issuer);
    Awaitility.await().until(() -> auth.server.requests(AuthFixture.JWKS).size() == 1);
    assertThat(auth.refusal(auth.token().signed())).contains("not there");
    assertThat(auth.listener.tokenKeys()).as("the fetch still hangs").isEmpty();
    auth.publish(TokenForge.jwk(TokenForge.A));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(auth.verifier.check().healthy()).isTrue());
    auth.assertAccepted(auth.token().signed());
    assertThat(warnings()).anyMatch(text -> text.contains("did not answer within 2000 ms"));
  }

  @Test
  void verify_bodyThatDrips_isGivenUpAtTheTimeout() throws IOException {
    try (AuthFixture quick = AuthFixture.of(c -> c.fetchTimeout(Duration.ofMillis(300)))) {
      LoopbackServer.Answer silence = quick.server.silence();
      quick.server.on(
          AuthFixture.JWKS,
          (request, out) -> {
            out.write("HTTP/1.1 200 x\r\nContent-Length: 99\r\n\r\n{".getBytes(ISO_8859_1));
            out.flush();
            silence.write(request, out);
          });
      quick.register(quick.issuer);
      quick.awaitFetches(1);
      assertThat(quick.listener.warnings().get(0).text()).contains("did not answer within 300 ms");
      assertThat(quick.refusal(quick.token().signed())).contains("not there");
    }
  }

  @Test
  void verify_domainDownForLong_servesOldKeysUpToTheBoundOnly() {
    auth.publish(TokenForge.jwk(TokenForge.A));
    auth.registerAndAwaitKeys(auth.issuer);
    auth.server.close();
    auth.clock.advance(Duration.ofHours(23).plusMinutes(59));
    String token = auth.token().signed();
    auth.assertAccepted(token);
    auth.clock.advance(Duration.ofMinutes(2));
    assertThat(auth.refusal(token)).contains("too old");
    assertThat(auth.verifier.check().healthy()).isFalse();
  }

  @Test
  void verify_wallClockSetBack_doesNotKeepOldKeysAlive() {
    auth.publish(TokenForge.jwk(TokenForge.A));
    auth.registerAndAwaitKeys(auth.issuer);
    auth.clock.advance(Duration.ofHours(25));
    auth.clock.jumpWallClock(Duration.ofHours(-25));
    assertThat(auth.refusal(auth.token().signed())).contains("too old");
  }

  @Test
  void verify_floodOfUnknownKeys_causesOneFetchPerInterval() {
    auth.publish(TokenForge.jwk(TokenForge.A));
    auth.registerAndAwaitKeys(auth.issuer);
    flood(300);
    Awaitility.await().until(() -> auth.listener.tokenKeys().size() == 2);
    flood(300);
    assertThat(auth.server.requests(AuthFixture.JWKS)).hasSize(2);
    auth.clock.advance(Duration.ofSeconds(29));
    flood(50);
    assertThat(auth.server.requests(AuthFixture.JWKS)).hasSize(2);
    auth.clock.advance(Duration.ofSeconds(1));
    flood(50);
    Awaitility.await().until(() -> auth.listener.tokenKeys().size() == 3);
    flood(50);
    assertThat(auth.server.requests(AuthFixture.JWKS)).hasSize(3);
    auth.assertAccepted(auth.token().signed());
  }

  private void flood(int count) {
    for (int i = 0; i < count; i++) {
      String kid = "{\"alg\":\"RS256\",\"kid\":\"unknown-" + i + "\"}";
      String forged = auth.token().header(kid).unsigned() + TokenForge.encode(new byte[256]);
      assertThat(auth.refusal(forged)).contains("signature");
    }
  }

  @Test
  void verify_tokenThatFailsByItsClaims_causesNoFetch() {
    auth.publish(TokenForge.jwk(TokenForge.A));
    auth.registerAndAwaitKeys(auth.issuer);
    auth.refusal(auth.token().text("iss", "https://evil.example/").signedBy(TokenForge.ATTACKER));
    auth.refusal(auth.token().claim("exp", 1).without("iat").signedBy(TokenForge.ATTACKER));
    auth.refusal("not.a.token");
    auth.refetch();
    assertThat(auth.server.requests(AuthFixture.JWKS)).as("start and refetch").hasSize(2);
  }

  @Test
  void fetch_regionalUrls_areTriedInOrder() throws IOException {
    try (LoopbackServer regional = LoopbackServer.http()) {
      regional.on(
          AuthFixture.JWKS, LoopbackServer.json(TokenForge.jwks(TokenForge.jwk(TokenForge.A))));
      auth.server.on(AuthFixture.JWKS, LoopbackServer.status(500, "", ""));
      IssuerRecord both =
          AuthFixture.issuerOf(
              "home",
              List.of(),
              List.of(auth.server.url(AuthFixture.JWKS), regional.url(AuthFixture.JWKS)));
      auth.registerAndAwaitKeys(both);
      auth.assertAccepted(auth.token().signed());
      assertThat(auth.server.requests(AuthFixture.JWKS)).hasSize(1);
      assertThat(regional.requests(AuthFixture.JWKS)).hasSize(1);
    }
  }

  @Test
  void fetch_noUrlAtAll_isAFailureThatSaysSo() {
    auth.register(AuthFixture.issuerOf("home", List.of(), List.of()));
    auth.awaitFetches(1);
    assertThat(warnings()).allMatch(text -> text.contains("neither a discovery URL nor"));
    assertThat(auth.refusal(auth.token().signed())).contains("not there");
  }

  @Test
  void fetch_noThreadFree_isReportedAndTriedAgain() throws IOException {
    RefusingOnce executor = new RefusingOnce();
    try (LoopbackServer server = LoopbackServer.http();
        AuthFixture busy = AuthFixture.over(server, parts -> executor.installIn(parts))) {
      executor.delegate = busy.executor;
      busy.register(busy.issuer);
      assertThat(busy.listener.warnings().get(0).text()).contains("no thread is free");
      assertThat(busy.refusal(busy.token().signed())).contains("not there");
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(server.requests(AuthFixture.JWKS)).isNotEmpty());
    }
  }

  @Test
  void fetch_fetcherWithABug_isReportedAndRefusesEverything() throws IOException {
    HttpFetcher broken =
        request -> {
          throw new IllegalStateException("a bug");
        };
    try (LoopbackServer server = LoopbackServer.http();
        AuthFixture buggy = AuthFixture.over(server, parts -> parts.fetcher(broken))) {
      buggy.register(
          AuthFixture.issuerOf(
              "home", List.of(), List.of(java.net.URI.create("https://127.0.0.1/jwk"))));
      buggy.awaitFetches(1);
      assertThat(buggy.listener.warnings().get(0).text()).contains("a bug");
      assertThat(buggy.refusal(buggy.token().signed())).contains("not there");
      buggy.awaitFetches(2);
    }
  }

  private List<String> warnings() {
    Awaitility.await().until(() -> !auth.listener.warnings().isEmpty());
    assertThat(auth.listener.warningCodes()).containsOnly("token-keys");
    return auth.listener.warnings().stream().map(RecordingListener.Warning::text).toList();
  }

  private static final class RefusingOnce implements java.util.concurrent.Executor {

    private final java.util.concurrent.atomic.AtomicInteger calls =
        new java.util.concurrent.atomic.AtomicInteger();
    private volatile java.util.concurrent.Executor delegate = Runnable::run;

    void installIn(JwtTokenVerifierBuilder parts) {
      parts.executor(this);
    }

    @Override
    public void execute(Runnable work) {
      if (calls.incrementAndGet() == 1) {
        throw new RejectedExecutionException("queue is full");
      }
      delegate.execute(work);
    }
  }
}
