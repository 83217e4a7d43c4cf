// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.PlainEngine.ADMIN;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.core.EngineFixture.Answer;

/**
 * One request in which everything is wrong; each repair shows the next check: token, vault, its
 * block, key, its block and state, policy, content type, body, version.
 */
class CheckOrderTest {

  private static final String NO_VERSION = UUID.randomUUID().toString();

  private final PlainEngine ekm = new PlainEngine();
  private final String unknownVault = "/vaults/" + UUID.randomUUID() + "/keys/no-uuid/encrypt";
  private final String unknownKey = ekm.vaultPath("/keys/" + UUID.randomUUID() + "/encrypt");
  private final String path = ekm.keyPath("/encrypt");

  @AfterEach
  void close() {
    ekm.close();
  }

  @Test
  void encrypt_everythingWrong_isRefusedInTheAgreedOrder() {
    ekm.engine.admin().vaults().setPolicy(ADMIN, "payments", "{\"rules\":[]}");
    ekm.engine.admin().keys().disable(ADMIN, ekm.keyId());
    ekm.engine.admin().keys().block(ADMIN, ekm.keyId());
    ekm.engine.admin().vaults().block(ADMIN, "payments");

    Answer noToken = wrong(unknownVault).authorization(Optional.empty()).answer();
    assertThat(noToken.error())
        .isEqualTo("401 Authorization header with a bearer token is required.");
    Answer badToken = wrong(unknownVault).authorization(Optional.of("Bearer bad")).answer();
    assertThat(badToken.error()).isEqualTo("401 Bearer token is not valid for this vault.");
    assertThat(wrong(unknownVault).answer().error()).isEqualTo("404 Error in getting OCI vault");
    assertThat(wrong(unknownKey).answer().error()).isEqualTo("403 OCI vault is blocked.");

    ekm.engine.admin().vaults().unblock(ADMIN, "payments");
    assertThat(wrong(unknownKey).answer().error()).isEqualTo("404 Invalid key details provided");
    assertThat(wrong(path).answer().error()).isEqualTo("403 OCI key is blocked.");
    ekm.engine.admin().keys().unblock(ADMIN, ekm.keyId());
    assertThat(wrong(path).answer().error())
        .isEqualTo("403 OCI key is not in Active state to perform the operation.");
    ekm.engine.admin().keys().enable(ADMIN, ekm.keyId());
    assertThat(wrong(path).answer().error()).isEqualTo("403 Operation is not allowed by policy.");
    ekm.engine
        .admin()
        .vaults()
        .setPolicy(ADMIN, "payments", "{\"rules\":[{\"name\":\"all\",\"effect\":\"allow\"}]}");
    assertThat(wrong(path).status()).isEqualTo(415);
    assertThat(wrong(path).contentType(Optional.empty()).status()).isEqualTo(400);
    assertThat(wrong(path).contentType(Optional.empty()).body(body("AA==")).answer().error())
        .isEqualTo("404 Invalid Key details");
    assertThat(ekm.post(path, "{\"plaintext\":\"AA==\"}").status()).isEqualTo(200);
  }

  @Test
  void encrypt_clientOfNobody_isRefusedBeforeTheVaultsBlockIsTold() {
    ekm.engine.admin().vaults().block(ADMIN, "payments");
    try (PlainEngine stranger =
        new PlainEngine(
            builder ->
                builder.tokenVerifier((issuer, token) -> ekm.client("stranger", "oci_ekms")))) {
      stranger.engine.admin().vaults().block(ADMIN, "payments");

      assertThat(stranger.post(stranger.keyPath("/encrypt"), "{").answer().error())
          .isEqualTo("403 Client application is not allowed to use this vault.");
    }
  }

  private PlainEngine.Call wrong(String where) {
    return ekm.post(where, body("!")).contentType(Optional.of("text/plain"));
  }

  private static String body(String plaintext) {
    return "{\"plaintext\":\"" + plaintext + "\",\"keyVersionId\":\"" + NO_VERSION + "\"}";
  }
}
