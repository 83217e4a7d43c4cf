// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.Keys;
import org.openekm.hsm.kmip.internal.client.KmipOperation;
import org.openekm.hsm.kmip.internal.client.ResultReason;
import org.openekm.hsm.kmip.testserver.TestClient;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendException.AuthenticationTagMismatch;
import org.openekm.spi.backend.BackendException.KeyMissing;
import org.openekm.spi.backend.BackendException.KeyUnusable;
import org.openekm.spi.backend.BackendException.Misconfigured;
import org.openekm.spi.backend.BackendException.Unavailable;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.kmip.FakeKmipServer;
import org.openekm.testkit.kmip.KmipAuthority;
import org.openekm.testkit.kmip.KmipFault;
import org.openekm.testkit.kmip.KmipServerOptions;

/** Every Result Reason, and numbers that are none, from every operation that a backend calls. */
class EveryReasonTest {

  private static final Bytes AAD = Bytes.copyOf(new byte[] {1});

  /** What callers are told of a refused decryption; all that are not here are wrong settings. */
  private static final Map<ResultReason, Class<? extends BackendException>> DECRYPT =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(ResultReason.ITEM_NOT_FOUND, KeyMissing.class),
              Map.entry(ResultReason.OBJECT_NOT_FOUND, KeyMissing.class),
              Map.entry(ResultReason.OBJECT_DESTROYED, KeyMissing.class),
              Map.entry(ResultReason.WRONG_KEY_LIFECYCLE_STATE, KeyUnusable.class),
              Map.entry(ResultReason.OBJECT_ARCHIVED, KeyUnusable.class),
              Map.entry(ResultReason.KEY_VALUE_NOT_PRESENT, KeyUnusable.class),
              Map.entry(ResultReason.SENSITIVE, KeyUnusable.class),
              Map.entry(ResultReason.NOT_EXTRACTABLE, KeyUnusable.class),
              Map.entry(ResultReason.ILLEGAL_OBJECT_TYPE, KeyUnusable.class),
              Map.entry(ResultReason.INVALID_OBJECT_TYPE, KeyUnusable.class),
              Map.entry(ResultReason.INCOMPATIBLE_CRYPTOGRAPHIC_USAGE_MASK, KeyUnusable.class),
              Map.entry(ResultReason.USAGE_LIMIT_EXCEEDED, KeyUnusable.class),
              Map.entry(ResultReason.CRYPTOGRAPHIC_FAILURE, AuthenticationTagMismatch.class),
              Map.entry(ResultReason.GENERAL_FAILURE, Unavailable.class),
              Map.entry(ResultReason.SERVER_LIMIT_EXCEEDED, Unavailable.class),
              Map.entry(ResultReason.INTERNAL_SERVER_ERROR, Unavailable.class),
              Map.entry(ResultReason.PROTECTION_STORAGE_UNAVAILABLE, Unavailable.class),
              Map.entry(ResultReason.OPERATION_CANCELED_BY_REQUESTER, Unavailable.class)));

  private FakeKmipServer server;
  private KeyBackend backend;
  private BackendKeyRef key;
  private Sealed sealed;

  @BeforeEach
  void startServer() {
    KmipAuthority authority = new KmipAuthority();
    server = FakeKmipServer.start(authority, KmipServerOptions.right());
    backend = new TestClient(authority, "ekm").open(server.port());
    key = backend.generateKey(Keys.newKey(32), TestClient.soon());
    sealed = encrypt();
  }

  @AfterEach
  void stopServer() {
    backend.close();
    server.close();
  }

  private Sealed encrypt() {
    try (SecretBytes text = SecretBytes.copyOf(new byte[32])) {
      BackendCiphertext made = backend.encrypt(key, text, AAD, TestClient.soon());
      return new Sealed(made.iv(), made.ciphertext(), made.tag());
    }
  }

  private void decrypt() {
    try (SecretBytes text = backend.decrypt(key, sealed, AAD, TestClient.soon())) {
      assertThat(text.toByteArray()).isEqualTo(new byte[32]);
    }
  }

  @Test
  void decrypt_refusedForAnyReason_saysWhatItMeans() {
    for (ResultReason reason : ResultReason.values()) {
      server.failNext(KmipOperation.DECRYPT.code(), KmipFault.reason(reason.code()));

      assertThat(catchThrowable(this::decrypt))
          .as(reason.label())
          .isInstanceOf(DECRYPT.getOrDefault(reason, Misconfigured.class))
          .hasMessageNotContaining("null");
      decrypt();
    }
  }

  @Test
  void decrypt_refusedForReasonsThatNobodyKnows_isNeverATagMismatch() {
    List<Integer> unknown = List.of(0x27, 0x4D, 0xFF, 0x101, 0x80000001, -1, 0);
    for (int reason : unknown) {
      server.failNext(KmipOperation.DECRYPT.code(), KmipFault.reason(reason));

      assertThat(catchThrowable(this::decrypt)).isInstanceOf(Misconfigured.class);
      decrypt();
    }
  }

  @Test
  void encrypt_refusedForAnyReason_isNeverATagMismatchAndGivesNothing() {
    for (int reason : reasons()) {
      server.failNext(KmipOperation.ENCRYPT.code(), KmipFault.reason(reason));

      assertThat(catchThrowable(this::encrypt))
          .as("reason 0x%X", reason)
          .isInstanceOf(BackendException.class)
          .isNotInstanceOf(AuthenticationTagMismatch.class);
    }
    decrypt();
  }

  @Test
  void otherCalls_refusedForAnyReason_failAsBackendsDo() {
    for (int reason : reasons()) {
      for (KmipOperation operation :
          List.of(
              KmipOperation.LOCATE,
              KmipOperation.CREATE,
              KmipOperation.GET_ATTRIBUTES,
              KmipOperation.ACTIVATE)) {
        server.failNext(operation.code(), KmipFault.reason(reason));
        Throwable failure =
            catchThrowable(() -> backend.generateKey(Keys.newKey(32), TestClient.soon()));
        server.failNoMore();
        boolean foundAfterAll =
            operation == KmipOperation.CREATE
                && reason == ResultReason.NON_UNIQUE_NAME_ATTRIBUTE.code();
        assertThat(failure)
            .as("%s, reason 0x%X, %s", operation, reason, foundAfterAll)
            .isInstanceOf(BackendException.class);
      }
      server.failNext(KmipOperation.RNG_RETRIEVE.code(), KmipFault.reason(reason));
      assertThat(catchThrowable(() -> backend.randomBytes(16, TestClient.soon())))
          .as("reason 0x%X", reason)
          .isInstanceOf(BackendException.class);
    }
    decrypt();
  }

  @Test
  void permissionDenied_onAnActiveKey_isAboutRights() {
    server.failNext(KmipOperation.DECRYPT.code(), KmipFault.reason(0x0C));

    assertThat(catchThrowable(this::decrypt))
        .isInstanceOf(Misconfigured.class)
        .hasMessageContaining("allow this client to use the key");
  }

  @Test
  void permissionDenied_onAKeyThatIsNotActive_isAboutItsState() {
    server.setState(key.value(), 4);
    server.failNext(KmipOperation.DECRYPT.code(), KmipFault.reason(0x0C));

    assertThat(catchThrowable(this::decrypt))
        .isInstanceOf(KeyUnusable.class)
        .hasMessageContaining("is compromised");
  }

  @Test
  void generalFailure_onDecrypt_isABadTagOnlyWhereTheSettingsSaySo() {
    KmipAuthority authority = new KmipAuthority();
    try (FakeKmipServer other = FakeKmipServer.start(authority, KmipServerOptions.right());
        KeyBackend lenient =
            new TestClient(authority, "ekm").open(other.port(), "general-failure", "bad-tag")) {
      BackendKeyRef made = lenient.generateKey(Keys.newKey(32), TestClient.soon());
      other.failAlways(KmipOperation.DECRYPT.code(), KmipFault.reason(0x100));

      Throwable failure =
          catchThrowable(() -> lenient.decrypt(made, sealed, AAD, TestClient.soon()));
      assertThat(failure)
          .as("the self-test needs a decryption")
          .isInstanceOf(BackendException.class);
      other.failNoMore();
      assertThat(catchThrowable(() -> lenient.decrypt(made, sealed, AAD, TestClient.soon())))
          .as("what another key has made")
          .isInstanceOf(AuthenticationTagMismatch.class);
      other.failNext(KmipOperation.DECRYPT.code(), KmipFault.reason(0x100));
      assertThat(catchThrowable(() -> lenient.decrypt(made, sealed, AAD, TestClient.soon())))
          .isInstanceOf(AuthenticationTagMismatch.class);
    }
  }

  private static Set<Integer> reasons() {
    return IntStream.concat(IntStream.rangeClosed(0, 0x50), IntStream.of(0x100, -1))
        .boxed()
        .collect(java.util.stream.Collectors.toCollection(java.util.TreeSet::new));
  }
}
