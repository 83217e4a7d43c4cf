// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.fake.TestCertificates;

/** TLS to the identity domain is right or nobody gets in: a TLS failure never means "no check". */
class JwksTlsTest {

  private static final TestCertificates CA = TestCertificates.create();

  static Stream<Arguments> badCertificates() {
    return Stream.of(
        Arguments.of(
            "expired", (Function<TestCertificates, TestCertificate>) TestCertificates::expired),
        Arguments.of(
            "not yet valid",
            (Function<TestCertificates, TestCertificate>) TestCertificates::notYetValid),
        Arguments.of(
            "wrong name",
            (Function<TestCertificates, TestCertificate>) TestCertificates::wrongName),
        Arguments.of(
            "other authority",
            (Function<TestCertificates, TestCertificate>)
                ca -> TestCertificates.create().server()));
  }

  private static AuthFixture over(SSLContext serverTls) throws IOException {
    LoopbackServer server = LoopbackServer.https(serverTls);
    AuthFixture fixture = AuthFixture.over(server, parts -> parts.tls(CA.clientContext()));
    fixture.publish(TokenForge.jwk(TokenForge.A));
    return fixture;
  }

  @Test
  void verify_goodCertificate_isTheControl() throws IOException {
    try (AuthFixture auth = over(CA.server().serverContext())) {
      auth.registerAndAwaitKeys(auth.issuer);
      auth.assertAccepted(auth.token().signed());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badCertificates")
  void verify_badCertificateFromTheStart_refusesEveryToken(
      String name, Function<TestCertificates, TestCertificate> certificate) throws IOException {
    try (AuthFixture auth = over(certificate.apply(CA).serverContext())) {
      auth.register(auth.issuer);
      auth.awaitFetches(1);
      assertThat(auth.listener.tokenKeys().get(0).succeeded()).isFalse();
      assertThat(auth.refusal(auth.token().signed())).contains("not there");
      assertThat(auth.refusal(auth.token().signedBy(TokenForge.ATTACKER))).contains("not there");
      assertThat(auth.refusal(auth.token().header("{\"alg\":\"none\"}").unsigned()))
          .contains("not there");
      assertThat(auth.server.requests(AuthFixture.JWKS)).as("nothing went over").isEmpty();
    }
  }

  @Test
  void verify_javasDefaultTrust_doesNotTrustAPrivateAuthority() throws IOException {
    LoopbackServer server = LoopbackServer.https(CA.server().serverContext());
    try (AuthFixture auth = AuthFixture.over(server, parts -> {})) {
      auth.publish(TokenForge.jwk(TokenForge.A));
      auth.register(auth.issuer);
      auth.awaitFetches(1);
      assertThat(auth.refusal(auth.token().signed())).contains("not there");
    }
  }

  @Test
  void verify_serverWithoutTlsUnderAnHttpsUrl_refusesEveryToken() throws IOException {
    try (AuthFixture auth = AuthFixture.over(LoopbackServer.http(), parts -> {})) {
      auth.publish(TokenForge.jwk(TokenForge.A));
      URI https =
          URI.create(auth.server.url(AuthFixture.JWKS).toString().replace("http:", "https:"));
      auth.register(AuthFixture.issuerOf("home", List.of(), List.of(https)));
      auth.awaitFetches(1);
      assertThat(auth.refusal(auth.token().signed())).contains("not there");
    }
  }

  @Test
  void fetch_plainHttpToLoopback_needsTheSwitch() throws IOException {
    try (AuthFixture auth = AuthFixture.of(config -> config.allowLoopbackHttp(false))) {
      auth.publish(TokenForge.jwk(TokenForge.A));
      auth.register(auth.issuer);
      auth.awaitFetches(1);
      assertThat(auth.server.requests(AuthFixture.JWKS)).isEmpty();
      assertThat(auth.listener.warnings().get(0).text()).contains("https");
    }
    try (AuthFixture auth = AuthFixture.ready()) {
      auth.assertAccepted(auth.token().signed());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://idp.example/jwk",
        "http://127.0.0.1.evil.example/jwk",
        "http://169.254.169.254/latest/meta-data",
        "ftp://127.0.0.1/jwk",
        "file:///etc/passwd",
        "jar:file:/x!/y",
        "https:///jwk",
        "https:jwk",
        "/jwk",
        "https://user:secret@127.0.0.1/jwk"
      })
  void fetch_urlThatIsNotHttps_isNeverFetched(String url) throws IOException {
    HttpFetcher unwanted =
        request -> {
          throw new AssertionError("fetched " + request);
        };
    try (AuthFixture auth =
        AuthFixture.over(LoopbackServer.http(), parts -> parts.fetcher(unwanted))) {
      auth.register(AuthFixture.issuerOf("home", List.of(), List.of(URI.create(url))));
      auth.awaitFetches(1);
      assertThat(auth.listener.warnings().get(0).text())
          .contains("must be an https URL")
          .doesNotContain("secret");
    }
  }
}
