// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.EngineFixture.base64;
import static org.openekm.core.EngineFixture.decryptBody;
import static org.openekm.core.PlainEngine.ADMIN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.core.EngineFixture.Answer;
import org.openekm.core.wire.WireProfile;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;

/** Whole calls under each profile: the two that come along, and one that is given by its path. */
class WireProfileEngineTest {

  @TempDir Path folder;

  @Test
  void strict_canonicalCalls_work() {
    try (PlainEngine ekm = with(WireProfile.builtIn("oci-strict"))) {
      String body =
          "{\"plaintext\":\"%s\",\"mode\":\"AES_GCM\",\"aad\":\"%s\",\"keyVersionId\":\"%s\"}"
              .formatted(base64("hello"), base64("bucket"), ekm.key.currentVersion());
      Answer sealed = ekm.post(ekm.keyPath("/encrypt"), body).answer();
      String opening = decryptBody(sealed).replace("}", ",\"aad\":\"" + base64("bucket") + "\"}");

      assertThat(sealed.json().propertyNames())
          .containsExactly("ciphertext", "iv", "tag", "keyId", "keyVersionId", "mode");
      assertThat(ekm.post(ekm.keyPath("/decrypt"), opening).answer().text("plaintext"))
          .isEqualTo(base64("hello"));
    }
  }

  @Test
  void strict_randomBytes_comeWithoutTheirEncryptionAndCountNone() {
    try (PlainEngine ekm = with(WireProfile.builtIn("oci-strict"))) {
      Answer random = ekm.post(ekm.keyPath("/generateRandomBytes"), "{\"length\":24}").answer();

      assertThat(random.json().propertyNames())
          .containsExactly("plaintext", "keyId", "keyVersionId", "mode");
      assertThat(ekm.backend.calls(Call.ENCRYPT)).isZero();
    }
  }

  @Test
  void strict_synonymsAndVersionsElsewhere_areRefused() {
    try (PlainEngine ekm = with(WireProfile.builtIn("oci-strict"))) {
      String query = "keyVersionId=" + ekm.key.currentVersion();

      assertThat(ekm.post(ekm.keyPath("/encrypt"), "{\"data\":\"AAAA\"}").status()).isEqualTo(400);
      assertThat(ekm.post(ekm.keyPath("/encrypt"), PlainEngine.ENCRYPT).query(query).status())
          .isEqualTo(400);
      assertThat(ekm.get(ekm.keyPath("/generateRandomBytes")).status()).isEqualTo(405);
      assertThat(
              ekm.post(
                      ekm.keyPath("/keyVersions/" + ekm.key.currentVersion() + "/encrypt"),
                      PlainEngine.ENCRYPT)
                  .status())
          .isEqualTo(404);
    }
  }

  @Test
  void lenient_versionInPathQueryAndBody_allReachTheSameVersion() {
    try (PlainEngine ekm = with(WireProfile.builtIn("oci-default"))) {
      String old = ekm.key.currentVersion().toString();
      ekm.engine.admin().keys().rotate(ADMIN, ekm.keyId());

      Answer byPath =
          ekm.post(ekm.keyPath("/keyVersions/" + old + "/encrypt"), PlainEngine.ENCRYPT).answer();
      Answer byQuery =
          ekm.post(ekm.keyPath("/encrypt"), PlainEngine.ENCRYPT).query("versionId=" + old).answer();
      Answer byBody =
          ekm.post(
                  ekm.keyPath("/encrypt"),
                  "{\"plainText\":\"AAAA\",\"externalKeyVersionId\":\"" + old + "\"}")
              .answer();
      Answer none = ekm.post(ekm.keyPath("/encrypt"), PlainEngine.ENCRYPT).answer();

      assertThat(java.util.List.of(byPath, byQuery, byBody))
          .allSatisfy(answer -> assertThat(answer.text("keyVersionId")).isEqualTo(old));
      assertThat(none.text("keyVersionId")).isNotEqualTo(old);
    }
  }

  @Test
  void lenient_randomBytesByGet_takeLengthFromTheQuery() {
    try (PlainEngine ekm = with(WireProfile.builtIn("oci-default"))) {
      Answer random =
          ekm.get(ekm.keyPath("/generateRandomBytes"))
              .query("numBytes=7")
              .contentType(Optional.empty())
              .answer();

      assertThat(java.util.Base64.getDecoder().decode(random.text("randomBytes"))).hasSize(7);
    }
  }

  @Test
  void thirdProfileByPath_namesPathsTextsAndLimits_areItsOwn() throws IOException {
    try (PlainEngine ekm = with(WireProfile.load(ownProfile()))) {
      Answer sealed = ekm.post(ekm.keyPath("/seal"), "{\"clear\":\"AAAA\"}").answer();

      assertThat(sealed.json().propertyNames()).containsExactly("blob", "nonce", "version");
      assertThat(sealed.text("version")).isEqualTo(ekm.key.currentVersion().toString());
      assertThat(ekm.post(ekm.keyPath("/encrypt"), PlainEngine.ENCRYPT).answer().error())
          .isEqualTo("404 Nothing here.");
      assertThat(ekm.post(ekm.keyPath("/seal"), "{\"clear\":\"AAAAAAA=\"}").answer().error())
          .isEqualTo("413 Too much: clear must be at most 4 bytes");
      assertThat(ekm.get(ekm.keyPath("/metadata")).answer().text("state")).isEqualTo("ENABLED");
      String opening =
          "{\"blob\":\"%s\",\"nonce\":\"%s\"}".formatted(sealed.text("blob"), sealed.text("nonce"));
      assertThat(ekm.post(ekm.keyPath("/decrypt"), opening).answer().text("plaintext"))
          .isEqualTo("AAAA");
      Answer random = ekm.post(ekm.keyPath("/generateRandomBytes"), "").answer();
      assertThat(random.text("ciphertext")).isEmpty();
    }
  }

  private static PlainEngine with(WireProfile profile) {
    return new PlainEngine(builder -> builder.wireProfile(profile));
  }

  private Path ownProfile() throws IOException {
    return Files.writeString(
        folder.resolve("own.json"),
        """
        {"extends": "oci-default", "name": "own",
         "operations": {
           "encrypt": {
             "routes": [{"method": "POST", "path": "/vaults/{vault}/keys/{key}/seal"}],
             "request": {"plaintext": ["clear"]},
             "response": {"blob": "ciphertextAndTag", "nonce": "iv", "version": "keyVersionId"}},
           "decrypt": {"request": {"ciphertext": ["blob"], "iv": ["nonce"]}}},
         "states": {"ACTIVE": "ENABLED"},
         "randomBytes": {"seal": false},
         "errors": {"ROUTE_NOT_FOUND": "Nothing here.", "TOO_LARGE": "Too much: {field} {rule}"},
         "limits": {"maxPlaintextBytes": 4}}
        """);
  }
}
