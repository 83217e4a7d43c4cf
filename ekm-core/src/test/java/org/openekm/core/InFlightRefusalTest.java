// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.openekm.core.PlainEngine.ADMIN;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.EncryptRequest;
import org.openekm.api.EncryptResult;
import org.openekm.api.RandomBytesRequest;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;

/** A result that comes back after access was taken away is dropped and wiped. */
class InFlightRefusalTest {

  private final Remembering device = new Remembering();
  private final PlainEngine ekm = new PlainEngine(device, builder -> builder);

  @AfterEach
  void close() {
    ekm.close();
  }

  enum Change {
    KEY_BLOCK(EkmErrorCode.KEY_BLOCKED, ekm -> ekm.engine.admin().keys().block(ADMIN, ekm.keyId())),
    KEY_DISABLE(
        EkmErrorCode.KEY_NOT_ACTIVE, ekm -> ekm.engine.admin().keys().disable(ADMIN, ekm.keyId())),
    VERSION_DISABLE(
        EkmErrorCode.KEY_NOT_ACTIVE,
        ekm -> ekm.engine.admin().keys().disableVersion(ADMIN, ekm.keyId(), "1")),
    VAULT_BLOCK(
        EkmErrorCode.VAULT_BLOCKED, ekm -> ekm.engine.admin().vaults().block(ADMIN, "payments")),
    VAULT_POLICY(
        EkmErrorCode.POLICY_DENIED,
        ekm -> ekm.engine.admin().vaults().setPolicy(ADMIN, "payments", "{\"rules\":[]}")),
    KEY_POLICY(
        EkmErrorCode.POLICY_DENIED,
        ekm -> ekm.engine.admin().keys().setPolicy(ADMIN, ekm.keyId(), "{\"rules\":[]}"));

    private final EkmErrorCode code;
    private final Consumer<PlainEngine> change;

    Change(EkmErrorCode code, Consumer<PlainEngine> change) {
      this.code = code;
      this.change = change;
    }
  }

  @ParameterizedTest
  @EnumSource
  void decrypt_inFlight_isRefusedAndThePlaintextWiped(Change change) {
    EncryptResult sealed =
        ekm.engine
            .service()
            .encrypt(
                ekm.context(),
                new EncryptRequest(
                    ekm.vault.id(),
                    ekm.key.id(),
                    Optional.empty(),
                    SecretBytes.adopt("secret".getBytes(StandardCharsets.UTF_8)),
                    Bytes.empty()));
    DecryptRequest request =
        new DecryptRequest(
            ekm.vault.id(),
            ekm.key.id(),
            Optional.empty(),
            new Sealed(sealed.iv(), sealed.ciphertext(), sealed.tag()),
            Bytes.empty());

    assertRefused(Call.DECRYPT, change, () -> ekm.engine.service().decrypt(ekm.context(), request));
  }

  @ParameterizedTest
  @EnumSource
  void generateRandomBytes_inFlight_isRefusedAndTheBytesWiped(Change change) {
    RandomBytesRequest request =
        new RandomBytesRequest(ekm.vault.id(), ekm.key.id(), Optional.empty(), 32, Bytes.empty());

    assertRefused(
        Call.RANDOM_BYTES,
        change,
        () -> ekm.engine.service().generateRandomBytes(ekm.context(), request));
  }

  @ParameterizedTest
  @EnumSource
  void encrypt_inFlightOverHttp_isRefusedWithoutACiphertext(Change change) {
    ekm.backend.failNext(Call.ENCRYPT, 1, BackendFault.hang());
    CompletableFuture<EngineFixture.Answer> inFlight =
        CompletableFuture.supplyAsync(
            () -> ekm.post(ekm.keyPath("/encrypt"), PlainEngine.ENCRYPT).answer());
    Awaitility.await().until(() -> ekm.backend.hanging() == 1);
    change.change.accept(ekm);
    ekm.backend.release();

    EngineFixture.Answer answer = inFlight.orTimeout(10, TimeUnit.SECONDS).join();

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().propertyNames()).containsExactlyInAnyOrder("code", "message");
    assertThat(ekm.sink.events("encrypt"))
        .singleElement()
        .satisfies(event -> assertThat(event.outcome()).isEqualTo(change.code.name()));
  }

  @Test
  void generateRandomBytes_theirEncryptionFails_areWiped() {
    ekm.backend.failNext(Call.ENCRYPT, 1, BackendFault.unavailable(true));

    assertThat(ekm.post(ekm.keyPath("/generateRandomBytes"), "").status()).isEqualTo(503);
    assertThat(device.handedOut).hasSize(1).allMatch(SecretBytes::isDestroyed);
  }

  @Test
  void decrypt_auditFails_isRefusedAndThePlaintextWiped() {
    String sealed =
        EngineFixture.decryptBody(ekm.post(ekm.keyPath("/encrypt"), PlainEngine.ENCRYPT).answer());
    ekm.sink.fail();

    assertThat(ekm.post(ekm.keyPath("/decrypt"), sealed).status()).isEqualTo(503);
    assertThat(device.handedOut).hasSize(1).allMatch(SecretBytes::isDestroyed);
  }

  @Test
  void everySecret_ofSuccessfulHttpCalls_isWipedOnceTheAnswerIsWritten() {
    EngineFixture.Answer sealed = ekm.post(ekm.keyPath("/encrypt"), PlainEngine.ENCRYPT).answer();

    assertThat(ekm.post(ekm.keyPath("/decrypt"), EngineFixture.decryptBody(sealed)).status())
        .isEqualTo(200);
    assertThat(ekm.post(ekm.keyPath("/generateRandomBytes"), "").status()).isEqualTo(200);
    assertThat(device.handedOut).hasSize(2).allMatch(SecretBytes::isDestroyed);
    // the worker wipes its copy of the input a moment after it has handed the result over
    Awaitility.await().until(() -> device.taken.stream().allMatch(SecretBytes::isDestroyed));
    assertThat(device.taken).hasSize(2);
  }

  private void assertRefused(Call call, Change change, Runnable work) {
    ekm.backend.failNext(call, 1, BackendFault.hang());
    CompletableFuture<Void> inFlight = CompletableFuture.runAsync(work);
    Awaitility.await().until(() -> ekm.backend.hanging() == 1);
    change.change.accept(ekm);
    ekm.backend.release();

    Throwable thrown = catchThrowable(inFlight.orTimeout(10, TimeUnit.SECONDS)::join);

    assertThat(thrown).isInstanceOf(CompletionException.class);
    assertThat(thrown.getCause())
        .isInstanceOfSatisfying(
            EkmException.class, refusal -> assertThat(refusal.code()).isEqualTo(change.code));
    assertThat(device.handedOut).hasSize(1).allMatch(SecretBytes::isDestroyed);
  }

  /** A device that remembers every secret that goes in or out. */
  private static final class Remembering implements KeyBackend {

    private final FakeKeyBackend real = new FakeKeyBackend();
    private final List<SecretBytes> handedOut = new CopyOnWriteArrayList<>();
    private final List<SecretBytes> taken = new CopyOnWriteArrayList<>();

    @Override
    public Capabilities capabilities() {
      return real.capabilities();
    }

    @Override
    public BackendCiphertext encrypt(
        BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
      taken.add(plaintext);
      return real.encrypt(key, plaintext, aad, deadline);
    }

    @Override
    public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
      return remembered(real.decrypt(key, sealed, aad, deadline));
    }

    @Override
    public SecretBytes randomBytes(int length, Deadline deadline) {
      return remembered(real.randomBytes(length, deadline));
    }

    private SecretBytes remembered(SecretBytes secret) {
      handedOut.add(secret);
      return secret;
    }

    @Override
    public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
      return real.generateKey(newKey, deadline);
    }

    @Override
    public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
      return real.inspectKey(key, deadline);
    }

    @Override
    public CheckResult check(Deadline deadline) {
      return real.check(deadline);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
