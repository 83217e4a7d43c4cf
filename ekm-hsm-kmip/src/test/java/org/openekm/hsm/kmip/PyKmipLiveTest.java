// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.internal.client.KmipClient;
import org.openekm.hsm.kmip.internal.client.KmipOperation;
import org.openekm.hsm.kmip.internal.client.RequestItem;
import org.openekm.hsm.kmip.internal.client.Result;
import org.openekm.hsm.kmip.internal.client.ResultReason;
import org.openekm.hsm.kmip.internal.client.ServerInfo;
import org.openekm.hsm.kmip.internal.client.Session;
import org.openekm.hsm.kmip.internal.setup.KmipBackends;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;
import org.openekm.hsm.kmip.testserver.PyKmip;
import org.openekm.hsm.kmip.testserver.TestClient;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import org.openekm.testkit.kmip.KmipAuthority;

/** A key's life on PyKMIP, with somebody else's codec and access control at the other end. */
class PyKmipLiveTest {

  private static final Bytes AAD = Bytes.copyOf(new byte[] {1, 2, 3});
  private static final Bytes OTHER_AAD = Bytes.copyOf(new byte[] {1, 2, 4});

  @TempDir static Path folder;

  private static KmipAuthority authority;
  private static PyKmip server;
  private static TestClient client;

  @BeforeAll
  static void startServer() {
    PyKmip.missing().ifPresent(System.out::println);
    assumeTrue(PyKmip.missing().isEmpty(), () -> PyKmip.missing().orElse(""));
    authority = new KmipAuthority();
    server = PyKmip.start(authority, folder);
    client = client("ekm");
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private static TestClient client(String name) {
    return new TestClient(authority, name).with("host", "127.0.0.1", "profile", "pykmip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.4", "2.0"})
  void key_livesFromItsMakingToItsEnd(String version) {
    try (KeyBackend backend = client.open(server.port(), "version", version);
        SecretBytes text = SecretBytes.copyOf(new byte[32])) {
      NewKey wanted = Keys.newKey(32);
      BackendKeyRef key = backend.generateKey(wanted, TestClient.soon());
      assertThat(backend.generateKey(wanted, TestClient.soon())).as("found again").isEqualTo(key);
      BackendKeyInfo info = backend.inspectKey(key, TestClient.soon());
      assertThat(info.lengthBytes()).isEqualTo(32);

      BackendCiphertext made = backend.encrypt(key, text, AAD, TestClient.soon());
      Sealed sealed = new Sealed(made.iv(), made.ciphertext(), made.tag());
      try (SecretBytes back = backend.decrypt(key, sealed, AAD, TestClient.soon())) {
        assertThat(back).isEqualTo(text);
      }
      assertThatThrownBy(() -> backend.decrypt(key, sealed, OTHER_AAD, TestClient.soon()))
          .isInstanceOf(BackendException.AuthenticationTagMismatch.class);

      backend.destroyKey(key, TestClient.soon());
      assertThatThrownBy(() -> backend.decrypt(key, sealed, AAD, TestClient.soon()))
          .isInstanceOf(BackendException.KeyMissing.class);
      assertThat(backend.check(TestClient.soon()).message()).contains("KMIP " + version);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.4", "2.0"})
  void keyOfAnotherClient_isDenied(String version) {
    try (KeyBackend mine = client.open(server.port(), "version", version);
        KeyBackend others = client("other").open(server.port(), "version", version);
        SecretBytes text = SecretBytes.copyOf(new byte[32])) {
      BackendKeyRef key = mine.generateKey(Keys.newKey(32), TestClient.soon());

      assertThatThrownBy(() -> others.encrypt(key, text, AAD, TestClient.soon()))
          .isInstanceOf(BackendException.Misconfigured.class)
          .hasMessageContaining("permission denied")
          .hasMessageContaining("allow this client to use the key");
      mine.destroyKey(key, TestClient.soon());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.4", "2.0"})
  void keyThatIsNotActive_isToldFromADeniedOne(String version) {
    try (KeyBackend backend = client.open(server.port(), "version", version);
        KmipClient raw = KmipBackends.client(client.context(server.port(), "version", version));
        SecretBytes text = SecretBytes.copyOf(new byte[32])) {
      BackendKeyRef key = backend.generateKey(Keys.newKey(32), TestClient.soon());
      backend.encrypt(key, text, AAD, TestClient.soon());
      raw.call(session -> session.send(PyKmip.revocation(key)), TestClient.soon());

      assertThatThrownBy(() -> backend.encrypt(key, text, AAD, TestClient.soon()))
          .isInstanceOf(BackendException.KeyUnusable.class)
          .hasMessageContaining("deactivated");
      backend.destroyKey(key, TestClient.soon());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.4", "2.0"})
  void batch_goesOnAfterAnItemThatFails(String version) {
    try (KmipClient raw = KmipBackends.client(client.context(server.port(), "version", version))) {
      RequestItem query =
          RequestItem.of(KmipOperation.QUERY, Ttlv.enumeration(Tag.QUERY_FUNCTION, 1));
      RequestItem missing =
          RequestItem.of(KmipOperation.ACTIVATE, Ttlv.text(Tag.UNIQUE_IDENTIFIER, "none"));

      List<Result> results =
          raw.call(session -> session.sendAll(List.of(query, missing, query)), TestClient.soon());

      assertThat(results.get(0).payload().all(Tag.OPERATION)).isNotEmpty();
      assertThat(results.get(1).refused().orElseThrow().is(ResultReason.ITEM_NOT_FOUND)).isTrue();
      assertThat(results.get(2).payload().all(Tag.OPERATION)).isNotEmpty();
    }
  }

  @Test
  void version12_isRefusedForAesGcm() {
    try (KeyBackend backend = client.open(server.port(), "version", "1.2");
        SecretBytes text = SecretBytes.copyOf(new byte[32])) {
      BackendKeyRef key = backend.generateKey(Keys.newKey(32), TestClient.soon());

      assertThatThrownBy(() -> backend.encrypt(key, text, Bytes.empty(), TestClient.soon()))
          .isInstanceOf(BackendException.Misconfigured.class)
          .hasMessageContaining("KMIP 1.2, whose encryption has neither AAD nor tag");
      assertThat(backend.check(TestClient.soon()).healthy()).isFalse();
      backend.destroyKey(key, TestClient.soon());
    }
  }

  @Test
  void version12_doesForLocalCrypto() {
    String[] local = {"version", "1.2", "mode", "local-crypto", "key-check", "warn"};
    try (KeyBackend backend = client.open(server.port(), local);
        KeyBackend remote = client.open(server.port());
        SecretBytes text = SecretBytes.copyOf(new byte[32])) {
      BackendKeyRef key = backend.generateKey(Keys.newKey(32), TestClient.soon());
      BackendCiphertext made = backend.encrypt(key, text, AAD, TestClient.soon());

      Sealed sealed = new Sealed(made.iv(), made.ciphertext(), made.tag());
      try (SecretBytes back = remote.decrypt(key, sealed, AAD, TestClient.soon())) {
        assertThat(back).as("what was computed here, the server can open").isEqualTo(text);
      }
      backend.destroyKey(key, TestClient.soon());
    }
  }

  @Test
  void versions_areFoundOut() {
    try (KmipClient raw = KmipBackends.client(client.context(server.port()))) {
      ServerInfo info = raw.call(Session::info, TestClient.soon());

      assertThat(info.version()).hasToString("2.0");
      assertThat(info.versions()).hasSize(4);
      assertThat(info.vendor()).startsWith("PyKMIP");
      assertThat(info.has(KmipOperation.RNG_RETRIEVE)).isFalse();
    }
  }
}
