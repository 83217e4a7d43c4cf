// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.EngineFixture.base64;
import static org.openekm.core.PlainEngine.ADMIN;
import static org.openekm.core.PlainEngine.ENCRYPT;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.core.EngineFixture.Answer;
import org.openekm.core.admin.KeyAdmin;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;
import tools.jackson.databind.node.ObjectNode;

/** What OCI gets of a key one of whose versions is disabled. */
class DisabledVersionTest {

  private static final String NOT_ACTIVE =
      "403 OCI key is not in Active state to perform the operation.";

  private final PlainEngine ekm = new PlainEngine();
  private final KeyAdmin keys = ekm.engine.admin().keys();
  private final Answer first =
      ekm.post(ekm.keyPath("/encrypt"), "{\"plaintext\":\"" + base64("first") + "\"}").answer();
  private final String firstVersion = first.text("keyVersionId");

  @AfterEach
  void close() {
    ekm.close();
  }

  @Test
  void oldVersionDisabled_itsDataIsRefusedAndNewDataServed() {
    keys.rotate(ADMIN, ekm.keyId());
    Answer second = ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).answer();
    keys.disableVersion(ADMIN, ekm.keyId(), "1");

    assertThat(decrypt(first, "").error()).isEqualTo(NOT_ACTIVE);
    assertThat(decrypt(first, firstVersion).error()).isEqualTo(NOT_ACTIVE);
    assertThat(pinned(firstVersion).error()).isEqualTo(NOT_ACTIVE);
    assertThat(decrypt(second, "").status()).isEqualTo(200);
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(200);
    assertThat(ekm.get(ekm.keyPath("/metadata")).status()).isEqualTo(200);
    assertThat(ekm.get(ekm.keyPath("/keyVersions/" + firstVersion + "/metadata")).status())
        .isEqualTo(403);

    keys.enableVersion(ADMIN, ekm.keyId(), "1");
    assertThat(decrypt(first, "").status()).isEqualTo(200);
    assertThat(pinned(firstVersion).status()).isEqualTo(200);
  }

  @Test
  void disabledVersion_isNeverTriedInTheBackend() {
    keys.rotate(ADMIN, ekm.keyId());
    keys.disableVersion(ADMIN, ekm.keyId(), "1");
    long before = ekm.backend.calls(Call.DECRYPT);

    decrypt(first, "");
    decrypt(first, firstVersion);

    assertThat(ekm.backend.calls(Call.DECRYPT))
        .as("version 2 alone, and once")
        .isEqualTo(before + 1);
  }

  @Test
  void currentVersionDisabled_encryptionIsRefusedAndOlderVersionsStillDecrypt() {
    keys.rotate(ADMIN, ekm.keyId());
    keys.disableVersion(ADMIN, ekm.keyId(), "2");

    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).answer().error()).isEqualTo(NOT_ACTIVE);
    assertThat(ekm.post(ekm.keyPath("/generateRandomBytes"), "").status()).isEqualTo(403);
    assertThat(decrypt(first, "").text("plaintext")).isEqualTo(base64("first"));

    keys.rotate(ADMIN, ekm.keyId());
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(200);
  }

  @Test
  void noVersionDisabled_damagedCiphertextIsTheCallersFault() {
    keys.rotate(ADMIN, ekm.keyId());
    assertThat(decrypt(damaged(), "").status()).isEqualTo(400);
  }

  @Test
  void versionDisabled_damagedCiphertextIsNotSaidToBeDamaged_asTheDisabledOneMayFit() {
    keys.rotate(ADMIN, ekm.keyId());
    keys.disableVersion(ADMIN, ekm.keyId(), "1");
    assertThat(decrypt(damaged(), "").error()).isEqualTo(NOT_ACTIVE);
  }

  private Answer damaged() {
    Answer other = ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).answer();
    ((ObjectNode) other.json()).put("tag", first.text("tag"));
    return other;
  }

  private Answer pinned(String version) {
    return ekm.post(
            ekm.keyPath("/encrypt"),
            "{\"plaintext\":\"AAAA\",\"keyVersionId\":\"" + version + "\"}")
        .answer();
  }

  private Answer decrypt(Answer sealed, String version) {
    String body = EngineFixture.decryptBody(sealed);
    return ekm.post(
            ekm.keyPath("/decrypt"),
            version.isEmpty() ? body : body.replace("}", ",\"keyVersionId\":\"" + version + "\"}"))
        .answer();
  }
}
