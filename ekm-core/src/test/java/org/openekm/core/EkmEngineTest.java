// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.EngineFixture.ADMIN;
import static org.openekm.core.EngineFixture.base64;
import static org.openekm.core.EngineFixture.decryptBody;

import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.core.EngineFixture.Answer;
import org.openekm.core.admin.NewVault;
import org.openekm.spi.audit.AuditEvent;

/** The six operations from request to answer, through every hop. */
class EkmEngineTest {

  private final EngineFixture ekm = new EngineFixture();

  @AfterEach
  void close() {
    ekm.close();
  }

  @Test
  void encrypt_thenDecrypt_givesThePlaintextBack() {
    Answer encrypted =
        ekm.post(
            ekm.keyPath("/encrypt"),
            "{\"plaintext\":\""
                + base64("hello")
                + "\",\"mode\":\"AES_GCM\",\"aad\":\""
                + base64("bucket")
                + "\"}");
    assertThat(encrypted.status()).isEqualTo(200);
    assertThat(Base64.getDecoder().decode(encrypted.text("iv"))).hasSize(12);
    assertThat(Base64.getDecoder().decode(encrypted.text("tag"))).hasSize(16);
    assertThat(Base64.getDecoder().decode(encrypted.text("ciphertext"))).hasSize(5);

    String body = decryptBody(encrypted).replace("}", ",\"aad\":\"" + base64("bucket") + "\"}");
    Answer decrypted = ekm.post(ekm.keyPath("/decrypt"), body);
    assertThat(decrypted.status()).isEqualTo(200);
    assertThat(decrypted.text("plaintext")).isEqualTo(base64("hello"));
    assertThat(decrypted.text("keyVersionId")).isEqualTo(ekm.key.currentVersion().toString());
  }

  @Test
  void encrypt_manyTimes_neverRepeatsAnIv() {
    Set<String> ivs = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      ivs.add(ekm.post(ekm.keyPath("/encrypt"), "{\"plaintext\":\"AAAA\"}").text("iv"));
    }
    assertThat(ivs).hasSize(200);
  }

  @Test
  void metadata_ofVaultKeyAndVersion_tellsTheCurrentVersion() {
    Answer vault = ekm.get("/vaults/" + ekm.vault.id() + "/metadata");
    assertThat(vault.text("vaultId")).isEqualTo(ekm.vault.id().toString());
    Answer key = ekm.get(ekm.keyPath("/metadata"));
    assertThat(key.text("keyVersionId")).isEqualTo(ekm.key.currentVersion().toString());
    assertThat(key.text("state")).isEqualTo("ACTIVE");
    Answer version = ekm.get(ekm.keyPath("/keyVersions/" + ekm.key.currentVersion() + "/metadata"));
    assertThat(version.json().path("isCurrent").asBoolean()).isTrue();
  }

  @Test
  void generateRandomBytes_emptyBody_givesBytesAndTheirEncryption() {
    Answer random = ekm.post(ekm.keyPath("/generateRandomBytes"), "");
    assertThat(random.status()).isEqualTo(200);
    assertThat(Base64.getDecoder().decode(random.text("plaintext"))).hasSize(32);
    Answer opened = ekm.post(ekm.keyPath("/decrypt"), decryptBody(random));
    assertThat(opened.text("plaintext")).isEqualTo(random.text("plaintext"));
  }

  @Test
  void rotate_oldCiphertext_staysReadableWithAndWithoutItsVersion() {
    Answer before = ekm.post(ekm.keyPath("/encrypt"), "{\"plaintext\":\"" + base64("old") + "\"}");
    ekm.engine.admin().keys().rotate(ADMIN, ekm.key.id().toString());

    Answer after = ekm.post(ekm.keyPath("/encrypt"), "{\"plaintext\":\"" + base64("new") + "\"}");
    assertThat(after.text("keyVersionId")).isNotEqualTo(before.text("keyVersionId"));
    assertThat(ekm.get(ekm.keyPath("/metadata")).text("keyVersionId"))
        .isEqualTo(after.text("keyVersionId"));
    assertThat(ekm.post(ekm.keyPath("/decrypt"), decryptBody(before)).text("plaintext"))
        .isEqualTo(base64("old"));
    String pinned =
        decryptBody(before)
            .replace("}", ",\"keyVersionId\":\"" + before.text("keyVersionId") + "\"}");
    assertThat(ekm.post(ekm.keyPath("/decrypt"), pinned).text("plaintext"))
        .isEqualTo(base64("old"));
    String wrongPin =
        decryptBody(before)
            .replace("}", ",\"keyVersionId\":\"" + after.text("keyVersionId") + "\"}");
    assertThat(ekm.post(ekm.keyPath("/decrypt"), wrongPin).status()).isEqualTo(400);
  }

  @Test
  void everyCall_successOrNot_isInTheAuditBeforeTheAnswer() {
    ekm.post(ekm.keyPath("/encrypt"), "{\"plaintext\":\"" + base64("secret-data") + "\"}");
    ekm.call("POST", ekm.keyPath("/encrypt"), "{}", java.util.Optional.of("Bearer nonsense"));

    AuditEvent good = ekm.sink.events("encrypt").get(0);
    assertThat(good.outcome()).isEqualTo("OK");
    assertThat(good.actor()).isEqualTo(ekm.client.clientId());
    assertThat(good.key()).hasValue(ekm.key.id());
    assertThat(good.version()).hasValue(ekm.key.currentVersion());
    assertThat(good.details()).containsKeys("token", "clause", "micros");
    AuditEvent bad = ekm.sink.events("encrypt").get(1);
    assertThat(bad.outcome()).isEqualTo("TOKEN_INVALID");
    assertThat(bad.actor()).isEmpty();
    assertThat(ekm.sink.events().toString())
        .doesNotContain("secret-data")
        .doesNotContain(base64("secret-data"));
  }

  @Test
  void vaultWithoutSuccessAudit_success_isNotRecordedButRefusalIs() {
    var quiet = ekm.newVault("quiet");
    var vault =
        ekm.engine
            .admin()
            .vaults()
            .create(
                ADMIN,
                new NewVault(
                    "quiet",
                    quiet.tenancy(),
                    quiet.access(),
                    quiet.endpoint(),
                    "main",
                    quiet.policy(),
                    false,
                    NewVault.Options.none()));
    assertThat(ekm.get("/vaults/" + vault.id() + "/metadata").status()).isEqualTo(200);
    assertThat(ekm.sink.events("get_vault_metadata")).isEmpty();
    ekm.engine.admin().vaults().block(ADMIN, "quiet");
    assertThat(ekm.get("/vaults/" + vault.id() + "/metadata").status()).isEqualTo(403);
    assertThat(ekm.sink.events("get_vault_metadata")).hasSize(1);
  }

  @Test
  void response_everyCall_echoesTheRequestIdAndForbidsCaching() {
    Answer answer = ekm.get(ekm.keyPath("/metadata"));
    assertThat(answer.response().headers())
        .containsEntry("opc-request-id", "req-1")
        .containsEntry("Cache-Control", "no-store")
        .containsEntry("Content-Type", "application/json");
  }

  @Test
  void build_partsMissing_namesThemAll() {
    assertThatThrownBy(() -> EkmEngine.builder().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the engine needs: store auditSink backend");
  }
}
