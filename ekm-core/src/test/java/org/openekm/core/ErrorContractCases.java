// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.EngineFixture.ADMIN;
import static org.openekm.core.EngineFixture.base64;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.core.EngineFixture.Answer;
import org.openekm.core.wire.WireProfile;

/**
 * Oracle's table of errors, row by row, and the order in which a request is checked: the same in
 * each profile.
 */
abstract class ErrorContractCases {

  private static final String ENCRYPT = "{\"plaintext\":\"AAAA\"}";

  private final EngineFixture ekm;

  ErrorContractCases(String profile) {
    ekm = new EngineFixture(WireProfile.builtIn(profile));
  }

  @AfterEach
  void close() {
    ekm.close();
  }

  @Test
  void vaultMetadata_wrongVault_is404() {
    assertThat(ekm.get("/vaults/" + UUID.randomUUID() + "/metadata").error())
        .isEqualTo("404 Error in getting OCI vault");
    assertThat(ekm.get("/vaults/not-a-uuid/metadata").error())
        .isEqualTo("404 Error in getting OCI vault");
  }

  @Test
  void vaultMetadata_blockedVault_is403() {
    ekm.engine.admin().vaults().block(ADMIN, "payments");
    assertThat(ekm.get("/vaults/" + ekm.vault.id() + "/metadata").status()).isEqualTo(403);
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(403);
    ekm.engine.admin().vaults().unblock(ADMIN, "payments");
    assertThat(ekm.get("/vaults/" + ekm.vault.id() + "/metadata").status()).isEqualTo(200);
  }

  @Test
  void keyMetadata_wrongKey_is404() {
    assertThat(
            ekm.get("/vaults/" + ekm.vault.id() + "/keys/" + UUID.randomUUID() + "/metadata")
                .error())
        .isEqualTo("404 Invalid key details provided");
  }

  @Test
  void keyMetadata_keyOfAnotherVault_is404AsIfUnknown() {
    var other = ekm.engine.admin().vaults().create(ADMIN, ekm.newVault("other"));
    assertThat(ekm.get("/vaults/" + other.id() + "/keys/" + ekm.key.id() + "/metadata").error())
        .isEqualTo("404 Invalid key details provided");
  }

  @Test
  void keyMetadata_disabledKey_is403() {
    ekm.engine.admin().keys().disable(ADMIN, ekm.key.id().toString());
    assertThat(ekm.get(ekm.keyPath("/metadata")).status()).isEqualTo(403);
  }

  @Test
  void versionMetadata_wrongVersion_is404() {
    assertThat(ekm.get(ekm.keyPath("/keyVersions/" + UUID.randomUUID() + "/metadata")).error())
        .isEqualTo("404 Invalid Key details");
  }

  @Test
  void crypto_disabledKey_is403WithOraclesTexts() {
    String sealed = ekm.sealed("x");
    ekm.engine.admin().keys().disable(ADMIN, ekm.key.id().toString());
    String notActive = "403 OCI key is not in Active state to perform the operation.";
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).error()).isEqualTo(notActive);
    assertThat(ekm.post(ekm.keyPath("/decrypt"), sealed).error()).isEqualTo(notActive);
    assertThat(ekm.post(ekm.keyPath("/generateRandomBytes"), "").error())
        .isEqualTo("403 Key is in disabled state.");
    ekm.engine.admin().keys().enable(ADMIN, ekm.key.id().toString());
    assertThat(ekm.post(ekm.keyPath("/decrypt"), sealed).status()).isEqualTo(200);
  }

  @Test
  void crypto_destroyedKey_is404() {
    String sealed = ekm.sealed("x");
    ekm.engine.admin().keys().block(ADMIN, ekm.key.id().toString());
    ekm.engine.admin().keys().destroy(ADMIN, ekm.key.id().toString(), true);
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).error())
        .isEqualTo("404 Invalid key details provided");
    assertThat(ekm.post(ekm.keyPath("/decrypt"), sealed).error())
        .isEqualTo("404 Invalid key details provided");
  }

  @Test
  void decrypt_ciphertextNotBase64_is400WithTheOffset() {
    String body =
        "{\"ciphertext\":\"AAAA*AAA\",\"iv\":\"AAAAAAAAAAAAAAAA\",\"tag\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}";
    assertThat(ekm.post(ekm.keyPath("/decrypt"), body).error())
        .isEqualTo("400 Bad Request: illegal base64 data at input byte 4");
  }

  @Test
  void generateRandomBytes_aadNotBase64_is400WithTheOffset() {
    assertThat(ekm.post(ekm.keyPath("/generateRandomBytes"), "{\"aad\":\"AAAAAAAA*AAA\"}").error())
        .isEqualTo("400 Bad Request: illegal base64 data at input byte 8");
  }

  @Test
  void decrypt_otherKeyWrongIvWrongTagWrongAad_areOneAndTheSame400() {
    String sealed = ekm.sealed("x");
    var other = ekm.newKey("other");
    Answer otherKey =
        ekm.post("/vaults/" + ekm.vault.id() + "/keys/" + other.id() + "/decrypt", sealed);
    Answer wrongTag =
        ekm.post(
            ekm.keyPath("/decrypt"),
            sealed.replaceFirst("\"tag\":\"[^\"]*\"", "\"tag\":\"AAAAAAAAAAAAAAAAAAAAAA==\""));
    Answer wrongIv =
        ekm.post(
            ekm.keyPath("/decrypt"),
            sealed.replaceFirst("\"iv\":\"[^\"]*\"", "\"iv\":\"AAAAAAAAAAAAAAAA\""));
    Answer wrongAad =
        ekm.post(ekm.keyPath("/decrypt"), sealed.replace("}", ",\"aad\":\"" + base64("x") + "\"}"));
    assertThat(otherKey.status()).isEqualTo(400);
    assertThat(java.util.List.of(wrongTag.error(), wrongIv.error(), wrongAad.error()))
        .containsOnly(otherKey.error());
  }

  @Test
  void order_noToken_is401EvenForAnUnknownVaultAndABadBody() {
    Answer answer =
        ekm.call("POST", "/vaults/" + UUID.randomUUID() + "/keys/x/encrypt", "{", Optional.empty());
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.response().headers()).containsEntry("WWW-Authenticate", "Bearer");
    assertThat(answer.text("code")).isEqualTo("401");
  }

  @Test
  void order_unknownVaultWithAForeignToken_is401AndNot404() {
    Answer answer =
        ekm.call(
            "GET",
            "/vaults/" + UUID.randomUUID() + "/metadata",
            "",
            Optional.of("Bearer aaaa.bbbb.cccc"));
    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void order_clientOfAnotherVault_is403() {
    var otherClient =
        ekm.domain.addClientApp("other", ekm.domain.addResourceApp("ekm-2", "https://10.0.0.5/"));
    Answer answer =
        ekm.call(
            "GET",
            "/vaults/" + ekm.vault.id() + "/metadata",
            "",
            Optional.of("Bearer " + ekm.domain.token(otherClient).serialize()));
    assertThat(answer.status()).isEqualTo(403);
  }

  @Test
  void order_missingScope_is403AndWrongAudienceIs401() {
    String noScope = ekm.domain.token(ekm.client).scope("other").serialize();
    String wrongAudience = ekm.domain.token(ekm.client).audience("https://10.0.0.6/").serialize();
    String path = "/vaults/" + ekm.vault.id() + "/metadata";
    assertThat(ekm.call("GET", path, "", Optional.of("Bearer " + noScope)).status()).isEqualTo(403);
    assertThat(ekm.call("GET", path, "", Optional.of("Bearer " + wrongAudience)).status())
        .isEqualTo(401);
  }

  @Test
  void order_blockedKeyAndBadBody_is403AndNot400() {
    ekm.engine.admin().keys().block(ADMIN, ekm.key.id().toString());
    assertThat(ekm.post(ekm.keyPath("/encrypt"), "{").status()).isEqualTo(403);
  }

  @Test
  void order_badBodyAndUnknownVersion_is400First() {
    String body = ENCRYPT.replace("}", ",\"keyVersionId\":\"" + UUID.randomUUID() + "\"}");
    String path = ekm.keyPath("/encrypt");
    assertThat(ekm.post(path, body.replace("AAAA", "!")).status()).isEqualTo(400);
    assertThat(ekm.post(path, body).error()).isEqualTo("404 Invalid Key details");
  }

  @Test
  void policy_deniesEncrypt_is403WithTheClauseInTheAudit() {
    ekm.engine
        .admin()
        .vaults()
        .setPolicy(
            ADMIN,
            "payments",
            "{\"rules\":[{\"name\":\"read-only\",\"effect\":\"allow\",\"operations\":[\"decrypt\"]}]}");
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(403);
    var event = ekm.sink.events("encrypt").get(0);
    assertThat(event.outcome()).isEqualTo("POLICY_DENIED");
    assertThat(event.details().get("clause")).startsWith("vault:");
  }

  @Test
  void route_unknownPathAndWrongMethod_areJsonErrors() {
    assertThat(ekm.get("/vaults/" + ekm.vault.id() + "/nothing").status()).isEqualTo(404);
    Answer wrongMethod =
        ekm.call("DELETE", ekm.keyPath("/encrypt"), "", Optional.of("Bearer " + ekm.token()));
    assertThat(wrongMethod.status()).isEqualTo(405);
    assertThat(wrongMethod.response().headers()).containsEntry("Allow", "POST");
  }
}
