// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.testserver.TestClient;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException.AuthenticationTagMismatch;
import org.openekm.spi.backend.BackendException.KeyUnusable;
import org.openekm.spi.backend.BackendException.Misconfigured;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.kmip.FakeKmipServer;
import org.openekm.testkit.kmip.KmipAuthority;
import org.openekm.testkit.kmip.KmipFault;
import org.openekm.testkit.kmip.KmipServerOptions;
import org.openekm.testkit.kmip.KmipServerOptions.Habit;

/** Servers that differ from the standard or from others: used rightly, or not at all. */
class ServerHabitsTest {

  private static final int ENCRYPT = 0x1F;
  private static final Bytes AAD = Bytes.copyOf(new byte[] {1});

  private final KmipAuthority authority = new KmipAuthority();
  private final TestClient client = new TestClient(authority, "ekm");

  private FakeKmipServer server(KmipServerOptions options) {
    return FakeKmipServer.start(authority, options);
  }

  private static BackendKeyRef newKey(KeyBackend backend) {
    return backend.generateKey(Keys.newKey(32), TestClient.soon());
  }

  private static Sealed encrypt(KeyBackend backend, BackendKeyRef key, Bytes aad) {
    try (SecretBytes text = SecretBytes.copyOf(new byte[32])) {
      BackendCiphertext made = backend.encrypt(key, text, aad, TestClient.soon());
      return new Sealed(made.iv(), made.ciphertext(), made.tag());
    }
  }

  @Test
  void serverThatIgnoresAdditionalData_failsTheSelfTestAndIsNeverUsed() {
    try (FakeKmipServer server = server(KmipServerOptions.right().withHabits(Habit.IGNORES_AAD));
        KeyBackend backend = client.open(server.port())) {
      BackendKeyRef key = newKey(backend);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> encrypt(backend, key, Bytes.empty()))
            .isInstanceOf(Misconfigured.class)
            .hasMessageContaining("wrong additional data succeeded");
      }
    }
  }

  @Test
  void selfTestKey_findsABadServerBeforeTheFirstCall() {
    try (FakeKmipServer server = server(KmipServerOptions.right().withHabits(Habit.IGNORES_AAD));
        KeyBackend maker = client.open(server.port())) {
      String key = newKey(maker).value();
      try (KeyBackend backend = client.open(server.port(), "self-test-key", key)) {
        assertThat(backend.check(TestClient.soon()).message()).contains("fails the self-test");
      }
    }
  }

  @Test
  void selfTest_isDoneOnceForAServerAndAgainForItsSuccessor() {
    try (FakeKmipServer server = server(KmipServerOptions.right());
        KeyBackend backend = client.open(server.port())) {
      BackendKeyRef key = newKey(backend);
      encrypt(backend, key, AAD);
      assertThat(encryptions(server)).as("two of the self-test and one").isEqualTo(3);
      encrypt(backend, newKey(backend), AAD);
      assertThat(encryptions(server)).isEqualTo(4);

      server.stop();
      assertThat(backend.check(TestClient.soon()).healthy()).isFalse();
      server.start();
      org.awaitility.Awaitility.await().until(() -> backend.check(TestClient.soon()).healthy());
      encrypt(backend, key, AAD);
      assertThat(encryptions(server)).isEqualTo(7);
    }
  }

  private static long encryptions(FakeKmipServer server) {
    return server.operations().stream().filter(operation -> operation == ENCRYPT).count();
  }

  @Test
  void generalFailureForABadTag_withoutTheSetting_isToldWithTheSetting() {
    try (FakeKmipServer server =
            server(KmipServerOptions.right().withHabits(Habit.GENERAL_FAILURE_FOR_BAD_TAG));
        KeyBackend backend = client.open(server.port())) {
      BackendKeyRef key = newKey(backend);

      assertThatThrownBy(() -> encrypt(backend, key, AAD))
          .isInstanceOf(Misconfigured.class)
          .hasMessageContaining("general-failure: bad-tag");
    }
  }

  @Test
  void tagBehindTheCiphertext_worksWithoutAdditionalDataOnly() {
    String[] settings = {"tag-appended", "true"};
    KmipServerOptions options =
        KmipServerOptions.right().withVersions("1.2").withHabits(Habit.TAG_APPENDED);
    try (FakeKmipServer server = server(options);
        KeyBackend backend = client.open(server.port(), settings)) {
      BackendKeyRef key = newKey(backend);
      Sealed sealed = encrypt(backend, key, Bytes.empty());

      try (SecretBytes text = backend.decrypt(key, sealed, Bytes.empty(), TestClient.soon())) {
        assertThat(text.toByteArray()).isEqualTo(new byte[32]);
      }
      Sealed bad = new Sealed(sealed.iv(), sealed.ciphertext(), Bytes.copyOf(new byte[16]));
      assertThatThrownBy(() -> backend.decrypt(key, bad, Bytes.empty(), TestClient.soon()))
          .isInstanceOf(AuthenticationTagMismatch.class);
      assertThatThrownBy(() -> encrypt(backend, key, AAD)).isInstanceOf(Misconfigured.class);
    }
  }

  @Test
  void oldServer_isNotAskedToEncrypt() {
    try (FakeKmipServer server = server(KmipServerOptions.right().withVersions("1.3", "1.2"));
        KeyBackend backend = client.open(server.port())) {
      BackendKeyRef key = newKey(backend);

      assertThatThrownBy(() -> encrypt(backend, key, Bytes.empty()))
          .isInstanceOf(Misconfigured.class)
          .hasMessageContaining("KMIP 1.3, whose encryption has neither AAD nor tag");
      assertThat(encryptions(server)).isZero();
    }
  }

  @Test
  void serverWithoutDiscovery_needsTheVersion() {
    try (FakeKmipServer server = server(KmipServerOptions.right().withHabits(Habit.NO_DISCOVER));
        KeyBackend backend = client.open(server.port());
        KeyBackend told = client.open(server.port(), "version", "2.1")) {
      assertThat(backend.check(TestClient.soon()).message()).contains("set 'version'");
      assertThat(told.check(TestClient.soon()).healthy()).isTrue();
    }
  }

  @Test
  void serverWithoutRandomBytes_isNotHealthyUntilTheSettingsSayWhereFrom() {
    KmipServerOptions options = KmipServerOptions.right().lacking(KmipServerOptions.RNG_RETRIEVE);
    try (FakeKmipServer server = server(options);
        KeyBackend backend = client.open(server.port());
        KeyBackend local = client.open(server.port(), "random", "local")) {
      assertThat(backend.check(TestClient.soon()).message()).contains("random: local");
      assertThatThrownBy(() -> backend.randomBytes(16, TestClient.soon()))
          .isInstanceOf(Misconfigured.class);
      assertThat(local.check(TestClient.soon()).healthy()).isTrue();
      try (SecretBytes random = local.randomBytes(16, TestClient.soon())) {
        assertThat(random.toByteArray()).isNotEqualTo(new byte[16]);
      }
    }
  }

  @Test
  void serverThatGivesRandomBytesInPieces_isAskedUntilThereAreEnough() {
    try (FakeKmipServer server = server(KmipServerOptions.right().withHabits(Habit.SHORT_RANDOM));
        KeyBackend backend = client.open(server.port());
        SecretBytes random = backend.randomBytes(40, TestClient.soon())) {
      assertThat(random.length()).isEqualTo(40);
      assertThat(server.operations().stream().filter(one -> one == 0x25)).hasSize(3);
    }
  }

  @Test
  void keysThatCanBeExtracted_areRefusedOrToldOf() {
    try (FakeKmipServer server =
            server(KmipServerOptions.right().withHabits(Habit.EXTRACTABLE_KEYS));
        KeyBackend strict = client.open(server.port());
        KeyBackend lenient = client.open(server.port(), "key-check", "warn")) {
      BackendKeyRef key = newKey(strict);

      assertThatThrownBy(() -> encrypt(strict, key, AAD))
          .isInstanceOf(KeyUnusable.class)
          .hasMessageContaining("can be extracted");
      assertThat(lenient.inspectKey(key, TestClient.soon()).warnings())
          .containsExactly("can be extracted");
      assertThat(encrypt(lenient, key, AAD).tag().length()).isEqualTo(16);
    }
  }

  @Test
  void keyFetchedForLocalUse_thatIsNotActive_isNotUsed() {
    try (FakeKmipServer server = server(KmipServerOptions.right());
        KeyBackend local = client.open(server.port(), "mode", "local-crypto")) {
      BackendKeyRef key = newKey(local);
      Sealed sealed = encrypt(local, key, AAD);
      server.setState(key.value(), 3);

      assertThatThrownBy(() -> local.decrypt(key, sealed, AAD, TestClient.soon()))
          .isInstanceOf(KeyUnusable.class)
          .hasMessageContaining("deactivated");
    }
  }

  @Test
  void sensitiveKey_isNotToBeHadForLocalUse() {
    try (FakeKmipServer server = server(KmipServerOptions.right());
        KeyBackend remote = client.open(server.port());
        KeyBackend local = client.open(server.port(), "mode", "local-crypto")) {
      BackendKeyRef key = newKey(remote);

      assertThatThrownBy(() -> encrypt(local, key, AAD)).isInstanceOf(KeyUnusable.class);
    }
  }

  @Test
  void secondServer_takesOverAndSaysOfMissingKeysOnlyThatItLacksThem() {
    try (FakeKmipServer first = server(KmipServerOptions.right());
        FakeKmipServer second = server(KmipServerOptions.right());
        KeyBackend both = openBoth(first, second)) {
      BackendKeyRef key = newKey(both);
      assertThat(key.value()).isEqualTo("1");
      assertThat(both.members()).hasSize(2);
      first.stop();

      assertThatThrownBy(() -> encrypt(both, key, AAD))
          .as("not replicated yet")
          .isInstanceOf(org.openekm.spi.backend.BackendException.Unavailable.class)
          .hasMessageContaining("the first is away");
      BackendKeyRef there = newKey(both);
      assertThat(encrypt(both, there, AAD).tag().length()).isEqualTo(16);
      assertThat(both.check(TestClient.soon()).message()).contains("away");
      List<Boolean> healthy =
          both.members().values().stream()
              .map(member -> member.check(TestClient.soon()).healthy())
              .toList();
      assertThat(healthy).containsExactly(false, true);
    }
  }

  @Test
  void serverInTrouble_handsOverToTheNext() {
    try (FakeKmipServer first = server(KmipServerOptions.right());
        FakeKmipServer second = server(KmipServerOptions.right());
        KeyBackend both = openBoth(first, second)) {
      first.failAlways(0x25, KmipFault.reason(0x3A));

      try (SecretBytes random = both.randomBytes(16, TestClient.soon())) {
        assertThat(random.length()).isEqualTo(16);
      }
      assertThat(second.operations()).contains(0x25);
    }
  }

  @Test
  void serverThatHangs_leavesTimeForTheNext() {
    try (FakeKmipServer first = server(KmipServerOptions.right());
        FakeKmipServer second = server(KmipServerOptions.right());
        KeyBackend both = openBoth(first, second)) {
      assertThat(both.check(TestClient.soon()).healthy()).isTrue();
      first.failAlways(0x25, KmipFault.of(KmipFault.Kind.HANG));

      try (SecretBytes random =
          both.randomBytes(16, TestClient.in(java.time.Duration.ofSeconds(6)))) {
        assertThat(random.length()).isEqualTo(16);
      }
    }
  }

  private KeyBackend openBoth(FakeKmipServer first, FakeKmipServer second) {
    java.util.Map<String, String> settings = new java.util.HashMap<>(client.settings());
    settings.remove("host");
    settings.put("servers.0.host", "localhost");
    settings.put("servers.0.port", Integer.toString(first.port()));
    settings.put("servers.1.host", "localhost");
    settings.put("servers.1.port", Integer.toString(second.port()));
    return new KmipKeyBackendProvider().create(client.contextOf(settings));
  }
}
