// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.openekm.api.EkmException;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.store.IssuerId;
import org.openekm.testkit.fake.ManualClock;

/** What is remembered is worth exactly as much as a full check. */
class VerifiedTokenCacheTest {

  private static final IssuerId ISSUER = new IssuerId(new UUID(0, 1));

  private final ManualClock clock = new ManualClock();
  private final VerifiedTokenCache cache =
      new VerifiedTokenCache(TokenCheckConfig.builder().cacheSize(100).build(), clock, clock);

  private CheckedToken checked(Duration lifetime) {
    Instant end = clock.instant().plus(lifetime);
    return new CheckedToken(
        new VerifiedClient("c", Optional.empty(), Set.of(), Set.of(), end),
        new Validity(0, end.getEpochSecond()));
  }

  private static VerifiedTokenCache.Key key(String token) {
    return VerifiedTokenCache.Key.of(token, ISSUER, 1);
  }

  @Test
  void find_sameTextIssuerAndGeneration_hits() {
    cache.add(key("a.b.c"), checked(Duration.ofHours(1)));
    assertThat(cache.find(key("a.b.c"))).isPresent();
  }

  @Test
  void find_anythingElse_misses() {
    cache.add(key("a.b.c"), checked(Duration.ofHours(1)));
    assertThat(cache.find(key("a.b.d"))).isEmpty();
    assertThat(cache.find(key("a.b.c "))).isEmpty();
    assertThat(cache.find(key("a.b.c="))).isEmpty();
    assertThat(cache.find(VerifiedTokenCache.Key.of("a.b.c", ISSUER, 2))).isEmpty();
    assertThat(cache.find(VerifiedTokenCache.Key.of("a.b.c", new IssuerId(new UUID(0, 2)), 1)))
        .isEmpty();
  }

  @Test
  void find_afterExpiryAndSkew_misses() {
    cache.add(key("a.b.c"), checked(Duration.ofSeconds(30)));
    clock.advance(Duration.ofSeconds(89));
    assertThat(cache.find(key("a.b.c"))).isPresent();
    clock.advance(Duration.ofSeconds(1));
    assertThat(cache.find(key("a.b.c"))).isEmpty();
  }

  @Test
  void verify_rememberedTokenWhoseTimeHasPassed_isRefusedEvenIfStillRemembered()
      throws IOException {
    try (AuthFixture auth = AuthFixture.ready()) {
      String token = auth.token().signed();
      auth.assertAccepted(token);
      // The wall clock alone moves: the monotonic clock, and with it the cache, stands still.
      auth.clock.jumpWallClock(Duration.ofSeconds(3661));
      assertThat(auth.refusal(token)).contains("exp has passed");
    }
  }

  @Test
  void verify_cacheSwitchedOff_worksTheSame() throws IOException {
    try (AuthFixture auth = AuthFixture.ready(config -> config.cacheSize(0))) {
      String token = auth.token().signed();
      auth.assertAccepted(token);
      auth.assertAccepted(token);
      assertThat(auth.refusal(token + "=")).contains("part");
    }
  }

  @Test
  void verify_refusedToken_isNotRememberedAsGood() throws IOException {
    try (AuthFixture auth = AuthFixture.ready()) {
      String forged = auth.token().signedBy(TokenForge.ATTACKER);
      for (int i = 0; i < 5; i++) {
        assertThat(auth.refusal(forged)).contains("signature");
      }
    }
  }

  @Test
  void verify_refusedTokenWhoseKeyAppears_isAcceptedThen() throws IOException {
    try (AuthFixture auth = AuthFixture.ready()) {
      String early = auth.token().signedBy(TokenForge.B);
      assertThat(auth.refusal(early)).contains("signature");
      auth.awaitFetches(2);
      auth.publish(TokenForge.jwk(TokenForge.A), TokenForge.jwk(TokenForge.B));
      auth.refetch();
      auth.assertAccepted(early);
    }
  }

  @Test
  void verify_goodAndForgedTokensFromManyThreadsDuringRotation_neverMixesThemUp()
      throws IOException, InterruptedException, ExecutionException {
    try (AuthFixture auth =
        AuthFixture.ready(config -> config.refreshInterval(Duration.ofMillis(5)))) {
      List<String> good = new ArrayList<>();
      List<String> forged = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        TokenForge token = auth.token().text("jti", "id-" + i);
        good.add(token.signed());
        forged.add(token.signedBy(TokenForge.ATTACKER));
        forged.add(token.header("{\"alg\":\"none\"}").unsigned());
      }
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try {
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          results.add(threads.submit(hammer(auth, good, forged)));
        }
        for (int i = 0; i < 20; i++) {
          auth.publish(TokenForge.jwk(TokenForge.A, "\"kid\":\"k" + i + "\""));
          auth.awaitFetches(auth.listener.tokenKeys().size() + 1);
        }
        for (Future<Integer> result : results) {
          assertThat(result.get()).isEqualTo(500);
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  /** Counts the rounds in which every answer was the right one. */
  private static Callable<Integer> hammer(
      AuthFixture auth, List<String> good, List<String> forged) {
    return () -> {
      int right = 0;
      for (int i = 0; i < 500; i++) {
        String token = good.get(i % good.size());
        boolean accepted = auth.verify(token).tokenId().orElse("").equals("id-" + i % good.size());
        boolean refused = false;
        try {
          auth.verify(forged.get(i % forged.size()));
        } catch (EkmException e) {
          refused = true;
        }
        right += accepted && refused ? 1 : 0;
      }
      return right;
    };
  }
}
