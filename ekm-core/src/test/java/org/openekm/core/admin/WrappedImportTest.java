// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.command;
import static org.openekm.core.admin.AdminFixture.refused;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openekm.api.Bytes;
import org.openekm.api.KeyVersionId;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.admin.WrappedMaterial.Wrapping;
import org.openekm.core.internal.wrap.PaddedKeyWrap;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.backend.NewKey;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;

/** Key material that comes wrapped for this process. */
@Timeout(120)
final class WrappedImportTest {

  private static final byte[] RAW =
      "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.US_ASCII);

  private final AdminFixture fixture = new AdminFixture().withVault();
  private final KeyAdmin keys = fixture.keys();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** The two examples of RFC 5649, section 6. */
  @ParameterizedTest
  @CsvSource({
    "c37b7e6492584340bed12207808941155068f738,"
        + " 138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a",
    "466f7250617369, afbeb0f07dfbf5419200f2ccb50bb24f"
  })
  void unwrap_examplesOfRfc5649_givesTheirKeyData(String keyData, String wrapped)
      throws GeneralSecurityException {
    byte[] key = Bytes.ofHex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8").toByteArray();
    try (SecretBytes opened =
        PaddedKeyWrap.unwrap(new SecretKeySpec(key, "AES"), Bytes.ofHex(wrapped))) {
      assertThat(Bytes.copyOf(opened.toByteArray()).toHex()).isEqualTo(keyData);
    }
    byte[] other = key.clone();
    other[0] ^= 1;
    assertThatThrownBy(
            () -> PaddedKeyWrap.unwrap(new SecretKeySpec(other, "AES"), Bytes.ofHex(wrapped)))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void importPublicKey_isRsa3072AndStaysTheSameInAProcess() {
    PublicKey key = keys.importPublicKey(ADMIN);
    assertThat(((RSAPublicKey) key).getModulus().bitLength()).isEqualTo(3072);
    assertThat(keys.importPublicKey(ADMIN)).isEqualTo(key);
    assertThat(fixture.restarted().keys().importPublicKey(ADMIN)).isNotEqualTo(key);
  }

  @Test
  void importKey_wrapped_bringsTheVeryMaterialIn() throws GeneralSecurityException {
    KeyDetails made = keys.importKey(ADMIN, command("k"), wrapped(keys, RAW));
    assertMaterial(made, RAW);
    assertThat(fixture.sink.events("key.import")).hasSize(1);

    byte[] second = RAW.clone();
    second[0] = 'x';
    KeyDetails rotated = keys.importVersion(ADMIN, "vault/k", wrapped(keys, second));
    assertThat(rotated.versions()).hasSize(2);
    assertMaterial(rotated, second);
  }

  @Test
  void importKey_wrappedForAnotherProcess_isRefusedAndSaysWhatToDo()
      throws GeneralSecurityException {
    WrappedMaterial elsewhere = wrapped(fixture.restarted().keys(), RAW);
    AdminException refusal =
        refused(Kind.INVALID, () -> keys.importKey(ADMIN, command("k"), elsewhere));
    assertThat(refusal.problems().get(0).field()).isEqualTo("wrappedMaterial");
    assertThat(refusal.problems().get(0).hint()).contains("ekm key import-key");
    assertThat(fixture.device.keyCount()).isZero();
  }

  @Test
  void importKey_damagedAnywhere_isRefusedWithOneAnswer_soThatItTellsNothingOfTheKey()
      throws GeneralSecurityException {
    byte[] good = wrapped(keys, RAW).bytes().toByteArray();
    List<byte[]> bad = new ArrayList<>();
    for (int at : new int[] {0, 1, 200, 383, 384, 391, 392, good.length - 1}) {
      byte[] damaged = good.clone();
      damaged[at] ^= 0x40;
      bad.add(damaged);
    }
    for (int length : new int[] {0, 1, 383, 384, 385, 400, good.length - 1, good.length - 8}) {
      bad.add(Arrays.copyOf(good, length));
    }
    bad.add(Arrays.copyOf(good, good.length + 8));
    bad.add(new byte[good.length]);
    bad.add(new byte[1 << 16]);
    bad.add(rsaPart(keys.importPublicKey(ADMIN), new byte[16]));
    for (byte[] each : bad) {
      AdminException refusal =
          refused(
              Kind.INVALID,
              () ->
                  keys.importKey(
                      ADMIN, command("k"), WrappedMaterial.forImportKey(Bytes.copyOf(each))));
      assertThat(refusal.problems()).hasSize(1);
      assertThat(refusal.problems().get(0).problem()).isEqualTo("can't be opened");
    }
    assertThat(fixture.sink.events("key.import").stream().map(AuditEvent::outcome))
        .containsOnly("MALFORMED_REQUEST");
  }

  @Test
  void importKey_aesKeyOfAnotherLength_isRefused() throws GeneralSecurityException {
    byte[] aes = new byte[16];
    Arrays.fill(aes, (byte) 7);
    byte[] whole = joined(rsaPart(keys.importPublicKey(ADMIN), aes), kwp(aes, RAW));
    refused(
        Kind.INVALID,
        () ->
            keys.importKey(ADMIN, command("k"), WrappedMaterial.forImportKey(Bytes.copyOf(whole))));
  }

  @Test
  void importKey_wrongLengthOrZeros_isRefusedLikeRawMaterial() throws GeneralSecurityException {
    for (byte[] raw : new byte[][] {new byte[31], Arrays.copyOf(RAW, 16), new byte[32]}) {
      WrappedMaterial material = wrapped(keys, raw);
      AdminException refusal =
          refused(Kind.INVALID, () -> keys.importKey(ADMIN, command("k"), material));
      assertThat(refusal.problems().get(0).field()).isEqualTo("wrappedMaterial");
    }
  }

  @Test
  void importKey_wrappedUnderAKeyOfTheBackend_isOpenedThere() throws GeneralSecurityException {
    byte[] kek = kek("vault/kek");
    KeyDetails made = keys.importKey(ADMIN, command("k"), underKek("vault/kek", kwp(kek, RAW)));
    assertMaterial(made, RAW);
    assertThat(fixture.backend.calls(Call.UNWRAP_KEY)).isEqualTo(1);
    byte[] second = RAW.clone();
    second[0] = 'x';
    assertMaterial(
        keys.importVersion(ADMIN, "vault/k", underKek("vault/kek", kwp(kek, second))), second);
  }

  @Test
  void importKey_wrappingKeyThatMayServeOci_isRefused_soThatOneKeyHasOnePurpose()
      throws GeneralSecurityException {
    byte[] kek = kek("vault/kek");
    WrappedMaterial material = underKek("vault/kek", kwp(kek, RAW));
    keys.block(ADMIN, "vault/kek");
    assertProblem("wrappingKey", material);
    keys.unblock(ADMIN, "vault/kek");
    keys.disableVersion(ADMIN, "vault/kek", "1");
    assertProblem("wrappingKey", material);
    keys.enableVersion(ADMIN, "vault/kek", "1");
    keys.activate(ADMIN, "vault/kek");
    assertProblem("wrappingKey", material);
    keys.disable(ADMIN, "vault/kek");
    assertProblem("wrappingKey", material);
    assertProblem("wrappingKey", underKek("vault/nothing", kwp(kek, RAW)));
    assertThat(fixture.backend.calls(Call.UNWRAP_KEY)).isZero();
  }

  @Test
  void importKey_wrappedUnderAnotherKeyOrOfAnotherLength_isRefusedAndLeavesNothing()
      throws GeneralSecurityException {
    byte[] kek = kek("vault/kek");
    byte[] other = kek.clone();
    other[0] ^= 1;
    assertProblem("wrappedMaterial", underKek("vault/kek", kwp(other, RAW)));
    assertProblem("wrappedMaterial", underKek("vault/kek", kwp(kek, Arrays.copyOf(RAW, 16))));
    assertProblem("wrappedMaterial", underKek("vault/kek", new byte[0]));
    assertThat(fixture.device.keyCount()).isEqualTo(1);
  }

  @Test
  void importKey_wrappedUnderAKeyOfABackendThatCannotUnwrap_isRefused()
      throws GeneralSecurityException {
    byte[] kek = kek("vault/kek");
    fixture.vaults().setBackend(ADMIN, "vault", "bare");
    AdminException refusal =
        refused(
            Kind.INVALID,
            () -> keys.importKey(ADMIN, command("k"), underKek("vault/kek", kwp(kek, RAW))));
    assertThat(refusal.problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly("wrapping", "wrappingKey");
  }

  private byte[] kek(String name) {
    byte[] kek = new byte[32];
    new SecureRandom().nextBytes(kek);
    NewKeyCommand command =
        new NewKeyCommand(
            "vault", name.substring(name.indexOf('/') + 1), 32, Optional.empty(), false);
    try (SecretBytes material = SecretBytes.copyOf(kek)) {
      keys.importKey(ADMIN, command, material);
    }
    return kek;
  }

  private static WrappedMaterial underKek(String name, byte[] wrapped) {
    return new WrappedMaterial(Wrapping.AES_KWP, Bytes.copyOf(wrapped), Optional.of(name));
  }

  private void assertProblem(String field, WrappedMaterial material) {
    AdminException refusal =
        refused(Kind.INVALID, () -> keys.importKey(ADMIN, command("k"), material));
    assertThat(refusal.problems().get(0).field()).isEqualTo(field);
  }

  @Test
  void source_closed_hasWipedWhatItOpened() throws GeneralSecurityException {
    ImportKey importKey = new ImportKey(new SecureRandom());
    AdminEnvironment environment = fixture.environment();
    KeyMaker maker = new KeyMaker(environment, new AdminDesk(environment));
    WrappedSource source =
        new WrappedSource(
            maker, importKey, WrappedMaterial.forImportKey(wrappedFor(importKey.publicKey(), RAW)));
    source.check(new Problems(), fixture.device, RAW.length);
    source.close();
    NewKey newKey = new NewKey(new KeyVersionId(UUID.randomUUID()), "k", RAW.length);
    assertThatThrownBy(() -> source.obtain(fixture.device, newKey))
        .isInstanceOf(IllegalStateException.class);
  }

  private void assertMaterial(KeyDetails key, byte[] expected) {
    try (SecretBytes stored = fixture.device.material(key.versions().get(0).ref()).orElseThrow()) {
      assertThat(stored.toByteArray()).isEqualTo(expected);
    }
  }

  private static WrappedMaterial wrapped(KeyAdmin keys, byte[] raw)
      throws GeneralSecurityException {
    return WrappedMaterial.forImportKey(wrappedFor(keys.importPublicKey(ADMIN), raw));
  }

  private static Bytes wrappedFor(PublicKey key, byte[] raw) throws GeneralSecurityException {
    byte[] aes = new byte[32];
    new SecureRandom().nextBytes(aes);
    return Bytes.adopt(joined(rsaPart(key, aes), kwp(aes, raw)));
  }

  private static byte[] rsaPart(PublicKey key, byte[] aes) throws GeneralSecurityException {
    Cipher oaep = Cipher.getInstance("RSA/ECB/OAEPPadding");
    oaep.init(
        Cipher.ENCRYPT_MODE,
        key,
        new OAEPParameterSpec(
            "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
    return oaep.doFinal(aes);
  }

  private static byte[] kwp(byte[] aes, byte[] raw) throws GeneralSecurityException {
    Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
    wrap.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(aes, "AES"));
    return wrap.doFinal(raw);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] whole = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, whole, one.length, other.length);
    return whole;
  }
}
