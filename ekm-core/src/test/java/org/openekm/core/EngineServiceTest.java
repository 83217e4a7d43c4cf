// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.openekm.core.PlainEngine.ADMIN;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.Bytes;
import org.openekm.api.CallContext;
import org.openekm.api.DecryptRequest;
import org.openekm.api.DecryptResult;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.EncryptRequest;
import org.openekm.api.EncryptResult;
import org.openekm.api.ExternalKeyService;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.Operation;
import org.openekm.api.RandomBytesRequest;
import org.openekm.api.RandomBytesResult;
import org.openekm.api.SecretBytes;
import org.openekm.api.VaultId;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;

/** The six operations for callers inside the process, who come without the wire's checks. */
class EngineServiceTest {

  private final PlainEngine ekm = new PlainEngine();
  private final ExternalKeyService service = ekm.engine.service();

  @AfterEach
  void close() {
    ekm.close();
  }

  @Test
  void encryptThenDecrypt_givesThePlaintextBack() {
    EncryptResult sealed = service.encrypt(ekm.context(), encryption("hello"));

    assertThat(sealed.version()).isEqualTo(ekm.key.currentVersion());
    assertThat(sealed.iv().length()).isEqualTo(12);
    assertThat(sealed.tag().length()).isEqualTo(16);
    try (SecretBytes plaintext = opened(sealed)) {
      assertThat(plaintext.toByteArray()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void encrypt_plaintextOfTheCaller_isLeftToTheCaller() {
    EncryptRequest request = encryption("hello");

    service.encrypt(ekm.context(), request);

    assertThat(request.plaintext().isDestroyed()).isFalse();
  }

  @Test
  void generateRandomBytes_givesBytesThatTheirEncryptionGivesBack() {
    RandomBytesResult random = service.generateRandomBytes(ekm.context(), randomBytes(32));

    assertThat(random.randomBytes().length()).isEqualTo(32);
    try (SecretBytes plaintext = opened(random.sealed().orElseThrow())) {
      assertThat(plaintext).isEqualTo(random.randomBytes());
    }
  }

  @Test
  void metadata_ofVaultKeyAndVersion_isThatOfTheCatalog() {
    VaultId vault = ekm.vault.id();
    KeyId key = ekm.key.id();
    KeyVersionId version = ekm.key.currentVersion();

    assertThat(service.getVaultMetadata(ekm.context(), vault).name()).isEqualTo("payments");
    assertThat(service.getKeyMetadata(ekm.context(), vault, key).currentVersion())
        .isEqualTo(version);
    assertThat(service.getKeyVersionMetadata(ekm.context(), vault, key, version).current())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 8, 12, 13, 14, 15, 17, 32})
  void decrypt_tagOfAnyOtherLengthThan16_neverReachesTheBackend(int length) {
    EncryptResult sealed = service.encrypt(ekm.context(), encryption("x"));
    byte[] tag = new byte[length];
    for (int i = 0; i < Math.min(length, 16); i++) {
      tag[i] = sealed.tag().at(i);
    }

    EkmException refusal =
        refusal(() -> open(parts(sealed.iv(), sealed.ciphertext(), Bytes.copyOf(tag))));

    assertThat(refusal.code()).isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
    assertThat(refusal.field()).contains("tag");
    assertThat(ekm.backend.calls(Call.DECRYPT)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 11, 13, 16})
  void decrypt_ivOfAnyOtherLengthThan12_neverReachesTheBackend(int length) {
    EkmException refusal =
        refusal(
            () ->
                open(
                    parts(
                        Bytes.copyOf(new byte[length]),
                        Bytes.ofHex("00"),
                        Bytes.copyOf(new byte[16]))));

    assertThat(refusal.field()).contains("iv");
    assertThat(ekm.backend.calls(Call.DECRYPT)).isZero();
  }

  @Test
  void decrypt_nothingButATag_neverReachesTheBackend() {
    Bytes tag = Bytes.copyOf(new byte[16]);

    assertThat(refusal(() -> open(parts(Bytes.copyOf(new byte[12]), Bytes.empty(), tag))).field())
        .contains("ciphertext");
    assertThat(ekm.backend.calls(Call.DECRYPT)).isZero();
  }

  @Test
  void encrypt_nothing_neverReachesTheBackend() {
    assertThat(refusal(() -> service.encrypt(ekm.context(), encryption(""))).field())
        .contains("plaintext");
    assertThat(ekm.backend.calls(Call.ENCRYPT)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1025, Integer.MAX_VALUE})
  void generateRandomBytes_lengthOutOfRange_neverReachesTheBackend(int length) {
    assertThat(
            refusal(() -> service.generateRandomBytes(ekm.context(), randomBytes(length))).field())
        .contains("length");
    assertThat(ekm.backend.calls(Call.RANDOM_BYTES)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void everyOperation_otherClient_isRefusedAndAudited(Operation operation) {
    CallContext stranger = ekm.context(ekm.client("somebody", "oci_ekms"));

    assertThat(refusal(() -> run(operation, stranger)).code())
        .isEqualTo(EkmErrorCode.CLIENT_NOT_ALLOWED);
    assertThat(lastOutcome()).isEqualTo("CLIENT_NOT_ALLOWED");
  }

  @ParameterizedTest
  @EnumSource
  void everyOperation_otherScope_isRefused(Operation operation) {
    CallContext stranger = ekm.context(ekm.client("oci-client", "other"));

    assertThat(refusal(() -> run(operation, stranger)).code())
        .isEqualTo(EkmErrorCode.CLIENT_NOT_ALLOWED);
  }

  @ParameterizedTest
  @EnumSource
  void everyOperation_blockedVault_isRefused(Operation operation) {
    ekm.engine.admin().vaults().block(ADMIN, "payments");

    assertThat(refusal(() -> run(operation, ekm.context())).code())
        .isEqualTo(EkmErrorCode.VAULT_BLOCKED);
  }

  @ParameterizedTest
  @EnumSource
  void everyOperation_policyThatAllowsNothing_isRefusedWithTheClauseInTheAudit(
      Operation operation) {
    ekm.engine.admin().vaults().setPolicy(ADMIN, "payments", "{\"rules\":[]}");

    assertThat(refusal(() -> run(operation, ekm.context())).code())
        .isEqualTo(EkmErrorCode.POLICY_DENIED);
    assertThat(ekm.sink.events().get(ekm.sink.events().size() - 1).details())
        .containsEntry("clause", "vault:default");
  }

  @ParameterizedTest
  @EnumSource
  void everyOperation_auditThatFails_isRefused(Operation operation) {
    ekm.sink.fail();

    assertThat(refusal(() -> run(operation, ekm.context())).code())
        .isEqualTo(EkmErrorCode.AUDIT_UNAVAILABLE);
  }

  @Test
  void getKeyMetadata_unknownVaultOrKeyOrVersion_isNotFound() {
    VaultId vault = ekm.vault.id();
    KeyId key = ekm.key.id();
    VaultId noVault = new VaultId(UUID.randomUUID());
    KeyId noKey = new KeyId(UUID.randomUUID());
    KeyVersionId noVersion = new KeyVersionId(UUID.randomUUID());

    assertThat(refusal(() -> service.getKeyMetadata(ekm.context(), noVault, key)).code())
        .isEqualTo(EkmErrorCode.VAULT_NOT_FOUND);
    assertThat(refusal(() -> service.getKeyMetadata(ekm.context(), vault, noKey)).code())
        .isEqualTo(EkmErrorCode.KEY_NOT_FOUND);
    assertThat(
            refusal(() -> service.getKeyVersionMetadata(ekm.context(), vault, key, noVersion))
                .code())
        .isEqualTo(EkmErrorCode.KEY_VERSION_NOT_FOUND);
  }

  private Object run(Operation operation, CallContext context) {
    VaultId vault = ekm.vault.id();
    KeyId key = ekm.key.id();
    return switch (operation) {
      case GET_VAULT_METADATA -> service.getVaultMetadata(context, vault);
      case GET_KEY_METADATA -> service.getKeyMetadata(context, vault, key);
      case GET_KEY_VERSION_METADATA ->
          service.getKeyVersionMetadata(context, vault, key, ekm.key.currentVersion());
      case ENCRYPT -> service.encrypt(context, encryption("x"));
      case DECRYPT ->
          service.decrypt(
              context,
              new DecryptRequest(
                  vault,
                  key,
                  Optional.empty(),
                  parts(Bytes.copyOf(new byte[12]), Bytes.ofHex("00"), Bytes.copyOf(new byte[16])),
                  Bytes.empty()));
      case GENERATE_RANDOM_BYTES -> service.generateRandomBytes(context, randomBytes(16));
    };
  }

  private String lastOutcome() {
    return ekm.sink.events().get(ekm.sink.events().size() - 1).outcome();
  }

  private EncryptRequest encryption(String plaintext) {
    return new EncryptRequest(
        ekm.vault.id(),
        ekm.key.id(),
        Optional.empty(),
        SecretBytes.adopt(plaintext.getBytes(StandardCharsets.UTF_8)),
        Bytes.empty());
  }

  private RandomBytesRequest randomBytes(int length) {
    return new RandomBytesRequest(
        ekm.vault.id(), ekm.key.id(), Optional.empty(), length, Bytes.empty());
  }

  private static DecryptRequest.Sealed parts(Bytes iv, Bytes ciphertext, Bytes tag) {
    return new DecryptRequest.Sealed(iv, ciphertext, tag);
  }

  private SecretBytes opened(EncryptResult sealed) {
    return open(parts(sealed.iv(), sealed.ciphertext(), sealed.tag())).plaintext();
  }

  private DecryptResult open(DecryptRequest.Sealed sealed) {
    return service.decrypt(
        ekm.context(),
        new DecryptRequest(ekm.vault.id(), ekm.key.id(), Optional.empty(), sealed, Bytes.empty()));
  }

  private static EkmException refusal(ThrowingCallable call) {
    EkmException refusal = catchThrowableOfType(EkmException.class, call);
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal;
  }
}
