// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.testserver.TestClient;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendException.KeyMissing;
import org.openekm.spi.backend.BackendException.TimedOut;
import org.openekm.spi.backend.BackendException.Unavailable;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.kmip.FakeKmipServer;
import org.openekm.testkit.kmip.KmipAuthority;
import org.openekm.testkit.kmip.KmipFault;
import org.openekm.testkit.kmip.KmipFault.Kind;
import org.openekm.testkit.kmip.KmipServerOptions;

/** What callers see when the key manager or the way to it breaks. */
class ServerFaultTest {

  private static final int ENCRYPT = 0x1F;
  private static final int DECRYPT = 0x20;
  private static final int CREATE = 0x01;
  private static final int QUERY = 0x18;
  private static final Bytes AAD = Bytes.copyOf(new byte[] {1});

  /** What a machine that is busy with other things may add to any time. */
  private static final Duration SLACK = Duration.ofSeconds(3);

  private final KmipAuthority authority = new KmipAuthority();
  private final TestClient client = new TestClient(authority, "ekm");
  private FakeKmipServer server;
  private KeyBackend backend;
  private BackendKeyRef key;

  @BeforeEach
  void startServer() {
    server = FakeKmipServer.start(authority, KmipServerOptions.right());
    backend = client.open(server.port());
    key = backend.generateKey(Keys.newKey(32), TestClient.soon());
    assertWorks();
  }

  @AfterEach
  void stopServer() {
    backend.close();
    server.close();
  }

  private Sealed encrypt(Duration limit) {
    try (SecretBytes text = SecretBytes.copyOf(new byte[32])) {
      BackendCiphertext made = backend.encrypt(key, text, AAD, TestClient.in(limit));
      return new Sealed(made.iv(), made.ciphertext(), made.tag());
    }
  }

  private void assertWorks() {
    Sealed sealed = encrypt(Duration.ofSeconds(20));
    try (SecretBytes text = backend.decrypt(key, sealed, AAD, TestClient.soon())) {
      assertThat(text.toByteArray()).isEqualTo(new byte[32]);
    }
  }

  /** Waits until calls work again, for a second and what the machine may add. */
  private void assertBack() {
    long start = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(1).plus(SLACK))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> catchThrowable(() -> encrypt(Duration.ofSeconds(1))) == null);
    long millis = (System.nanoTime() - start) / 1_000_000;
    System.out.println("KMIP server back: noticed after " + millis + " ms");
    assertWorks();
  }

  private Throwable failure(Duration limit) {
    long start = System.nanoTime();
    Throwable failure = catchThrowable(() -> encrypt(limit));
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("no answer past the deadline")
        .isLessThan(limit.plus(SLACK));
    return failure;
  }

  @Test
  void serverDownAtStart_isReportedAndTheBackendWorksOnceItIsThere() {
    server.stop();
    try (KeyBackend early = client.open(server.port())) {
      assertThat(early.check(TestClient.in(Duration.ofSeconds(2))).healthy()).isFalse();
      server.start();
      await()
          .atMost(Duration.ofSeconds(1).plus(SLACK))
          .until(() -> early.check(TestClient.in(Duration.ofSeconds(1))).healthy());
    }
  }

  @Test
  void serverGoneAndBack_isRefusedAtOnceAndNoticedWithinASecond() {
    server.stop();

    assertThat(failure(Duration.ofSeconds(2))).isInstanceOf(Unavailable.class);
    assertThat(backend.check(TestClient.in(Duration.ofSeconds(2))).message()).contains("away");
    server.start();
    assertBack();
  }

  @Test
  void connectionsKilled_whileIdle_goUnnoticedByCallers() {
    server.killConnections();

    assertWorks();
  }

  @Test
  void idleConnections_areClosedBeforeTheServerDoesIt() {
    try (FakeKmipServer strict =
            FakeKmipServer.start(
                authority, KmipServerOptions.right().closingIdleAfter(Duration.ofSeconds(2)));
        KeyBackend careful = client.open(strict.port(), "idle-timeout", "300ms")) {
      assertThat(careful.check(TestClient.soon()).healthy()).isTrue();
      await().atMost(Duration.ofSeconds(20)).until(() -> strict.connections() == 0);
      assertThat(careful.check(TestClient.soon()).healthy()).isTrue();
    }
  }

  @Test
  void idleConnections_closedByTheServer_goUnnoticedByCallers() {
    try (FakeKmipServer strict =
            FakeKmipServer.start(
                authority, KmipServerOptions.right().closingIdleAfter(Duration.ofMillis(300)));
        KeyBackend unaware = client.open(strict.port())) {
      for (int i = 0; i < 3; i++) {
        assertThat(unaware.check(TestClient.soon()).healthy()).isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> strict.connections() == 0);
      }
    }
  }

  /** A fault that ends the connection: the same question is asked once more on another. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"CLOSE_BEFORE", "CLOSE_AFTER", "HALF"})
  void connectionLostInTheMiddle_isAskedAgain(Kind kind) {
    server.failNext(ENCRYPT, KmipFault.of(kind));

    assertWorks();
  }

  /** What is no answer to the question is never given out, and the connection goes. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {
        "WRONG_ID",
        "WRONG_OPERATION",
        "WRONG_COUNT",
        "PENDING",
        "UNDONE",
        "NO_TAG",
        "SHORT_TAG",
        "OTHER_IV",
        "SHORT_DATA",
        "LONG_DATA"
      })
  void wrongAnswers_areNotGivenOut(Kind kind) {
    server.failNext(ENCRYPT, KmipFault.of(kind));

    assertThat(failure(Duration.ofSeconds(10)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("wrong");
    assertWorks();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"OVERSIZED", "GARBAGE"})
  void answersThatAreNoMessages_endTheConnection(Kind kind) {
    server.failAlways(ENCRYPT, KmipFault.of(kind));

    assertThat(failure(Duration.ofSeconds(10))).isInstanceOf(Unavailable.class);
    server.failNoMore();
    assertBack();
  }

  @Test
  void answerSentTwice_isNoAnswerToTheNextQuestion() {
    Sealed sealed = encrypt(Duration.ofSeconds(20));
    for (int i = 0; i < 20; i++) {
      server.failNext(ENCRYPT, KmipFault.of(Kind.TWICE));
      assertThat(failure(Duration.ofSeconds(10))).isNull();
      try (SecretBytes text = backend.decrypt(key, sealed, AAD, TestClient.soon())) {
        assertThat(text.toByteArray()).isEqualTo(new byte[32]);
      } catch (Unavailable e) {
        assertThat(e).hasMessageContaining("one to another");
      }
    }
    assertWorks();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"HANG", "HALF_AND_HANG"})
  void serverThatHangs_isLeftAtTheDeadline(Kind kind) {
    server.failNext(ENCRYPT, KmipFault.of(kind));

    assertThat(failure(Duration.ofMillis(400))).isInstanceOf(TimedOut.class);
    assertWorks();
  }

  @Test
  void lateAnswer_isNotTakenForTheNextOne() {
    server.failNext(DECRYPT, KmipFault.late(600));
    Sealed sealed = encrypt(Duration.ofSeconds(20));

    Throwable failure =
        catchThrowable(
            () -> backend.decrypt(key, sealed, AAD, TestClient.in(Duration.ofMillis(200))));
    assertThat(failure).isInstanceOf(TimedOut.class);
    for (int i = 0; i < 20; i++) {
      assertWorks();
    }
  }

  @Test
  void serverThatDribbles_isLeftAtTheDeadline() {
    server.failNext(ENCRYPT, KmipFault.slow(20));

    assertThat(failure(Duration.ofMillis(500))).isInstanceOf(TimedOut.class);
    assertWorks();
  }

  @Test
  void serverThatTakesConnectionsAndIsSilent_isLeftAtTheDeadline() {
    server.setDeaf(true);
    server.killConnections();
    try (KeyBackend impatient =
        client.open(server.port(), "handshake-timeout", "500ms", "connect-timeout", "500ms")) {
      long start = System.nanoTime();
      assertThat(impatient.check(TestClient.in(Duration.ofMillis(400))).healthy()).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(Duration.ofMillis(400).plus(SLACK));
      server.setDeaf(false);
      await()
          .atMost(Duration.ofSeconds(1).plus(SLACK))
          .until(() -> impatient.check(TestClient.in(Duration.ofSeconds(1))).healthy());
    }
  }

  @Test
  void createWhoseAnswerIsLost_makesOneKey() {
    long before = server.keysIn(2);
    server.failNext(CREATE, KmipFault.of(Kind.CLOSE_AFTER));

    BackendKeyRef made = backend.generateKey(Keys.newKey(32), TestClient.soon());

    assertThat(backend.inspectKey(made, TestClient.soon()).lengthBytes()).isEqualTo(32);
    assertThat(server.keysIn(2)).isEqualTo(before + 1);
    assertThat(server.keysIn(1)).as("keys that were made and left").isZero();
  }

  @Test
  void everyAnswerOfAKeysLife_lost_leavesNoSecondKeyAndNoWrongState() {
    for (int operation : new int[] {0x08, CREATE, 0x0B, 0x12}) {
      for (int ending : new int[] {0x0B, 0x13, 0x14}) {
        server.failNext(operation, KmipFault.of(Kind.CLOSE_AFTER));
        BackendKeyRef made = backend.generateKey(Keys.newKey(32), TestClient.soon());
        server.failNext(ending, KmipFault.of(Kind.CLOSE_AFTER));
        backend.destroyKey(made, TestClient.soon());
        assertThat(catchThrowable(() -> backend.inspectKey(made, TestClient.soon())))
            .isInstanceOf(KeyMissing.class);
      }
    }
    assertThat(server.keysIn(2)).as("the test's own key").isOne();
    assertThat(server.keysIn(1)).isZero();
  }

  @Test
  void certificateOfAnotherName_isRefused() {
    restartWith(authority.server(Duration.ofDays(30), "elsewhere.example"));

    assertThat(failure(Duration.ofSeconds(5)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("localhost");
    restartWith(authority.server());
    assertBack();
  }

  @Test
  void certificateOfAnotherName_thatTheSettingsNameIsTaken() {
    restartWith(authority.server(Duration.ofDays(30), "elsewhere.example"));

    try (KeyBackend named = client.open(server.port(), "server-name", "elsewhere.example")) {
      assertThat(named.check(TestClient.soon()).healthy()).isTrue();
    }
  }

  @Test
  void certificateThatHasEnded_isRefused() {
    restartWith(authority.server(Duration.ofDays(-1), "localhost", "127.0.0.1"));

    assertThat(failure(Duration.ofSeconds(5)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("NotAfter");
  }

  @Test
  void certificateOfAnotherAuthority_isRefused() {
    restartWith(new KmipAuthority().server());

    assertThat(failure(Duration.ofSeconds(5)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("TLS");
  }

  @Test
  void clientOfAnotherAuthority_isTurnedAway() {
    TestClient stranger = new TestClient(new KmipAuthority(), "ekm");
    stranger.with("tls.trusted-certificates", client.settings().get("tls.trusted-certificates"));
    try (KeyBackend turnedAway = stranger.open(server.port())) {
      assertThat(turnedAway.check(TestClient.in(Duration.ofSeconds(5))).healthy()).isFalse();
    }
  }

  private void restartWith(TestCertificate certificate) {
    server.stop();
    server.show(certificate);
    server.start();
  }

  @Test
  void clientCertificate_replacedOnDisk_isUsedWithoutANewStart() throws Exception {
    KmipAuthority next = new KmipAuthority();
    Path trusted = Path.of(client.settings().get("tls.trusted-certificates"));
    Files.writeString(trusted, "damaged");
    server.killConnections();
    assertWorks();

    KmipAuthority.write(next.client("ekm"), client.folder(), "client");
    next.writeCa(trusted);
    try (FakeKmipServer moved = FakeKmipServer.start(next, KmipServerOptions.right());
        KeyBackend other = client.open(moved.port())) {
      assertThat(other.check(TestClient.soon()).healthy()).isTrue();
    }
  }

  @Test
  void query_failing_isAskedAgain() {
    server.failNext(QUERY, KmipFault.reason(0x05));
    try (KeyBackend fresh = client.open(server.port())) {
      assertThat(fresh.check(TestClient.soon()).message())
          .contains("query: operation not supported");
      await()
          .atMost(Duration.ofSeconds(1).plus(SLACK))
          .until(() -> fresh.check(TestClient.in(Duration.ofSeconds(1))).healthy());
    }
  }

  @Test
  void manyCallsAtOnce_onAServerThatHangs_neitherPileUpNorBreakTheNext() throws Exception {
    server.failAlways(ENCRYPT, KmipFault.of(Kind.HANG));
    List<Thread> callers =
        java.util.stream.IntStream.range(0, 40)
            .mapToObj(i -> new Thread(() -> failure(Duration.ofMillis(500))))
            .toList();
    callers.forEach(Thread::start);
    for (Thread caller : callers) {
      caller.join(20_000);
      assertThat(caller.isAlive()).isFalse();
    }
    server.failNoMore();
    assertBack();
    assertThat(server.connections()).isLessThanOrEqualTo(48);
  }

  @Test
  void backendsSayWhatTheyAre() {
    assertThat(backend.check(TestClient.soon()).message())
        .contains("KMIP 2.1", "localhost:" + server.port());
    assertThat(
            catchThrowable(
                () -> backend.decrypt(key, new Sealed(AAD, AAD, AAD), AAD, TestClient.soon())))
        .isInstanceOf(BackendException.AuthenticationTagMismatch.class);
  }
}
