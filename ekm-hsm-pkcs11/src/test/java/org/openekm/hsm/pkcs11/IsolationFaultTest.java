// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.hsm.pkcs11.internal.token.TokenProbe;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.hsm.pkcs11.testtoken.FaultyModule;
import org.openekm.hsm.pkcs11.testtoken.SoftHsm;
import org.openekm.hsm.pkcs11.testtoken.TestToken;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.KeyBackend;

/** A library that crashes or hangs in a process of its own: SoftHSM behind a module that does. */
class IsolationFaultTest {

  private static final Duration BACK_WITHIN = Duration.ofSeconds(1);

  @TempDir static Path directory;

  private static TestToken plain;
  private static FaultyModule module;

  private final AtomicReference<String> pin = new AtomicReference<>();
  private KeyBackend backend;
  private TokenProbe probe;

  @BeforeAll
  static void makeToken() {
    assumeTrue(FaultyModule.missing().isEmpty(), () -> FaultyModule.missing().orElse(""));
    plain = SoftHsm.create();
    module = new FaultyModule(directory);
  }

  @AfterAll
  static void deleteToken() {
    if (plain != null) {
      SoftHsm.delete(plain);
    }
  }

  @BeforeEach
  void open() {
    pin.set(plain.pin());
    backend =
        Backends.open(
            pin::get, module.inFrontOf(plain).with("isolation", "process", "sessions", "4"));
    probe = new TokenProbe(backend);
  }

  @AfterEach
  void close() {
    backend.close();
    Awaitility.await().until(() -> children().isEmpty());
  }

  @Test
  void crash_costsTheCall_andTheSpareTakesOverAtOnce() {
    awaitSpare();
    module.crash();

    assertThatThrownBy(probe::encrypt)
        .isInstanceOfSatisfying(
            BackendException.Unavailable.class, e -> assertThat(e.retryable()).isTrue());

    assertBackWithin(BACK_WITHIN);
  }

  @Test
  void crashes_oneAfterTheOther_leaveNothingBehind() {
    crash(3);
    int files = openFiles();
    int threads = Thread.activeCount();

    crash(12);

    assertThat(children()).hasSize(2);
    assertThat(openFiles()).isBetween(files - 3, files + 3);
    assertThat(Thread.activeCount()).isLessThan(threads + 5);
  }

  /** Ends with a spare that is ready, so that numbers before and after can be compared. */
  private void crash(int times) {
    for (int i = 0; i < times; i++) {
      awaitSpare();
      module.crash();
      assertThatThrownBy(probe::encrypt).isInstanceOf(BackendException.Unavailable.class);
      Awaitility.await().atMost(Duration.ofSeconds(5)).until(this::works);
    }
    awaitSpare();
    AtomicInteger last = new AtomicInteger();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> children().size() == 2 && openFiles() == last.getAndSet(openFiles()));
  }

  @Test
  void hang_costsOneDeadline_andTheProcessIsReplaced() {
    awaitSpare();
    List<Long> before = pids();
    module.hang(30);

    long began = System.nanoTime();
    assertThatThrownBy(() -> probe.encrypt(TokenProbe.in(Duration.ofMillis(300))))
        .isInstanceOf(BackendException.TimedOut.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(900));

    assertBackWithin(BACK_WITHIN);
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> pids().stream().filter(before::contains).count() == 1);
  }

  @Test
  void killedProcess_isReplacedBeforeTheNextCallNeedsIt() {
    awaitSpare();
    children().get(0).destroyForcibly();
    children().get(1).destroyForcibly();

    Awaitility.await().atMost(Duration.ofSeconds(10)).until(this::works);
  }

  @Test
  void wrongPin_isTheOperatorsToMend_andACorrectedOneIsTaken() {
    awaitSpare();
    pin.set("0000");
    children().forEach(ProcessHandle::destroyForcibly);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThatThrownBy(probe::encrypt)
                    .isInstanceOf(BackendException.Misconfigured.class)
                    .hasMessageContaining("PIN")
                    .hasMessageNotContaining("0000"));

    pin.set(plain.pin());
    Awaitility.await().atMost(Duration.ofSeconds(5)).until(this::works);
  }

  @Test
  void module_thatIsNone_isReportedByTheProcess() {
    try (KeyBackend broken =
        Backends.open(
            plain,
            "isolation",
            "process",
            "module",
            Path.of(System.getProperty("ekm.basedir"), "pom.xml").toString())) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThat(broken.check(TokenProbe.soon()).message())
                      .contains("can't be loaded as a PKCS#11 module"));
    }
  }

  private void assertBackWithin(Duration limit) {
    long began = System.nanoTime();
    Awaitility.await().pollInterval(Duration.ofMillis(1)).atMost(limit).until(this::works);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(limit);
  }

  private boolean works() {
    try {
      probe.roundTrip();
      return true;
    } catch (BackendException.Unavailable
        | BackendException.TimedOut
        | BackendException.Misconfigured e) {
      return false;
    }
  }

  private void awaitSpare() {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> children().size() >= 2);
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }

  private static List<Long> pids() {
    return children().stream().map(ProcessHandle::pid).toList();
  }

  private static int openFiles() {
    String[] names = new File("/proc/self/fd").list();
    return names == null ? 0 : names.length;
  }
}
