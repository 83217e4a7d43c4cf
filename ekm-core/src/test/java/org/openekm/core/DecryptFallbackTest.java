// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.EngineFixture.base64;
import static org.openekm.core.PlainEngine.ADMIN;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.core.EngineFixture.Answer;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.NewKey;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;
import org.openekm.testkit.fake.FaultyMetadataStore;

/** A decryption that names no version tries the current one, then the older ones. */
class DecryptFallbackTest {

  private final PlainEngine ekm = new PlainEngine();
  private final String first = sealed("first");

  @AfterEach
  void close() {
    ekm.close();
  }

  enum Trouble {
    MISSING(() -> new BackendException.KeyMissing("not on this partition", null)),
    UNUSABLE(() -> new BackendException.KeyUnusable("attributes forbid it", null)),
    UNAVAILABLE(() -> new BackendException.Unavailable("session lost", true, null)),
    MISCONFIGURED(() -> new BackendException.Misconfigured("no such slot", null));

    private final Supplier<BackendException> exception;

    Trouble(Supplier<BackendException> exception) {
      this.exception = exception;
    }
  }

  @ParameterizedTest
  @EnumSource
  void decrypt_newerVersionThatCannotBeTried_isPassedOver(Trouble trouble) {
    rotate();
    ekm.backend.failNext(Call.DECRYPT, 1, BackendFault.throwing(trouble.exception));

    Answer answer = ekm.post(ekm.keyPath("/decrypt"), first).answer();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text("plaintext")).isEqualTo(base64("first"));
    assertThat(ekm.backend.calls(Call.DECRYPT)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void decrypt_noVersionFitsAndOneCouldNotBeTried_isNotSaidToBeTheCiphertextsFault(
      Trouble trouble) {
    rotate();
    ekm.backend.failNth(Call.DECRYPT, 2, BackendFault.throwing(trouble.exception));

    Answer answer = ekm.post(ekm.keyPath("/decrypt"), withoutFit()).answer();

    assertThat(answer.status()).isEqualTo(trouble == Trouble.UNUSABLE ? 403 : 503);
  }

  @Test
  void decrypt_noVersionFits_is400AfterEachWasTriedOnce() {
    rotate();
    rotate();

    Answer answer = ekm.post(ekm.keyPath("/decrypt"), withoutFit()).answer();

    assertThat(answer.error()).isEqualTo("400 Cryptographic operation failed in cipher operation");
    assertThat(ekm.backend.calls(Call.DECRYPT)).isEqualTo(3);
  }

  @Test
  void decrypt_versionNamed_triesNoOther() {
    String pinned = first.replace("}", ",\"keyVersionId\":\"" + rotate() + "\"}");

    assertThat(ekm.post(ekm.keyPath("/decrypt"), pinned).status()).isEqualTo(400);
    assertThat(ekm.backend.calls(Call.DECRYPT)).isEqualTo(1);
  }

  @Test
  void decrypt_manyVersions_namesTheOneThatFitted() {
    String version = ekm.key.currentVersion().toString();
    for (int i = 0; i < 5; i++) {
      rotate();
    }

    Answer answer = ekm.post(ekm.keyPath("/decrypt"), first).answer();

    assertThat(answer.text("keyVersionId")).isEqualTo(version);
    assertThat(ekm.sink.events("decrypt").get(0).version().map(Object::toString))
        .isEqualTo(Optional.of(version));
  }

  @Test
  void decrypt_currentVersionOnADeviceForSmallData_isPassedOverForALargeCiphertext() {
    Capabilities full = FakeKeyBackend.fullCapabilities();
    FakeKeyBackend small =
        new FakeKeyBackend(
            new Capabilities(full.ivSource(), 16, 16, full.keyLengths(), full.features(), 4));
    InMemoryMetadataStore store = new InMemoryMetadataStore();
    try (PlainEngine shared =
        new PlainEngine(
            builder ->
                builder
                    .store(new FaultyMetadataStore(store, false))
                    .backend("small", small, EngineFixture.PATIENT_CALLS))) {
      String large = base64("x".repeat(100));
      String sealed =
          EngineFixture.decryptBody(
              shared
                  .post(shared.keyPath("/encrypt"), "{\"plaintext\":\"" + large + "\"}")
                  .answer());
      moveTo(small, shared, store);

      Answer opened = shared.post(shared.keyPath("/decrypt"), sealed).answer();

      assertThat(opened.text("plaintext")).isEqualTo(large);
      assertThat(shared.post(shared.keyPath("/encrypt"), PlainEngine.ENCRYPT).status())
          .as("what fits still goes to the new device")
          .isEqualTo(200);
    }
  }

  /** Another node makes a version on the small device the current one. */
  private static void moveTo(FakeKeyBackend small, PlainEngine ekm, InMemoryMetadataStore store) {
    KeyVersionId id = new KeyVersionId(UUID.randomUUID());
    KeyVersionRecord version =
        new KeyVersionRecord(
            id,
            ekm.key.id(),
            2,
            "small",
            small.generateKey(new NewKey(id, "bucket-key", 32), PlainEngine.deadline()),
            KeyState.ACTIVE,
            ekm.clock.instant());
    store.commit(
        store.revision(),
        List.of(
            new MetadataChange.PutKeyVersion(version),
            new MetadataChange.PutKey(ekm.key.withCurrentVersion(id))));
    Awaitility.await().until(() -> ekm.engine.revision() == store.revision());
  }

  private String rotate() {
    return ekm.engine.admin().keys().rotate(ADMIN, ekm.keyId()).key().currentVersion().toString();
  }

  private String sealed(String plaintext) {
    return EngineFixture.decryptBody(
        ekm.post(ekm.keyPath("/encrypt"), "{\"plaintext\":\"" + base64(plaintext) + "\"}")
            .answer());
  }

  private String withoutFit() {
    return first.replaceFirst("\"tag\":\"[^\"]*\"", "\"tag\":\"AAAAAAAAAAAAAAAAAAAAAA==\"");
  }
}
