// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.VaultRecord;

class ClientCheckTest {

  private static final String VAULT_AUDIENCE = "https://203.0.113.7/";

  private final ClientCheck check = new ClientCheck();

  private static VerifiedClient client(String id, Set<String> audiences, Set<String> scopes) {
    return new VerifiedClient(id, Optional.empty(), audiences, scopes, Instant.MAX);
  }

  private static VaultRecord.Access access(Set<String> audiences, Set<String> scopes) {
    return new VaultRecord.Access(
        new IssuerId(new UUID(1, 1)), TokenForge.CLIENT, audiences, scopes);
  }

  private static VaultRecord.Access usual() {
    return access(Set.of(VAULT_AUDIENCE), Set.of("oci_ekms"));
  }

  private EkmErrorCode refusal(VerifiedClient client, VaultRecord.Access access) {
    EkmException refused =
        catchThrowableOfType(EkmException.class, () -> check.check(client, access));
    assertThat(refused).as("the client was let in").isNotNull();
    return refused.code();
  }

  @ParameterizedTest
  @CsvSource({
    "https://203.0.113.7/,https://203.0.113.7/",
    "https://203.0.113.7,https://203.0.113.7/",
    "https://203.0.113.7/,https://203.0.113.7",
    "https://203.0.113.7:443/,https://203.0.113.7",
    "https://203.0.113.7,https://203.0.113.7:443/",
    "https://203.0.113.7:8443/,https://203.0.113.7:8443",
    "https://[2001:db8::7]:443/,https://[2001:db8::7]",
    "https://ekm.example/x/,https://ekm.example:443/x"
  })
  void check_audienceInAnotherUsualSpelling_isLetIn(String sent, String configured) {
    VerifiedClient client = client(TokenForge.CLIENT, Set.of(sent), Set.of("oci_ekms"));
    assertThatCode(() -> check.check(client, access(Set.of(configured), Set.of("oci_ekms"))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "https://203.0.113.8/",
    "http://203.0.113.7/",
    "https://203.0.113.7:8443/",
    "https://203.0.113.7//",
    "https://203.0.113.7/ekm",
    "https://203.0.113.70/",
    "https://203.0.113.7.evil.example/",
    "203.0.113.7",
    "*"
  })
  void check_otherAudience_isAnInvalidToken(String sent) {
    VerifiedClient client = client(TokenForge.CLIENT, Set.of(sent), Set.of("oci_ekms"));
    assertThat(refusal(client, usual())).isEqualTo(EkmErrorCode.TOKEN_INVALID);
  }

  @Test
  void check_oneOfSeveralAudiencesFits_isLetIn() {
    Set<String> sent = Set.of("https://other.example/", "https://203.0.113.7");
    assertThatCode(() -> check.check(client(TokenForge.CLIENT, sent, Set.of("oci_ekms")), usual()))
        .doesNotThrowAnyException();
  }

  @Test
  void check_noAudienceInTheToken_isRefused() {
    assertThat(refusal(client(TokenForge.CLIENT, Set.of(), Set.of("oci_ekms")), usual()))
        .isEqualTo(EkmErrorCode.TOKEN_INVALID);
  }

  @Test
  void check_vaultWithoutAudiences_letsNobodyIn() {
    VerifiedClient client = client(TokenForge.CLIENT, Set.of(VAULT_AUDIENCE), Set.of("oci_ekms"));
    assertThat(refusal(client, access(Set.of(), Set.of("oci_ekms"))))
        .isEqualTo(EkmErrorCode.TOKEN_INVALID);
  }

  @Test
  void check_audienceSwitchedOff_stillChecksClientAndScope() {
    VaultRecord.Access any = access(Set.of(ClientCheck.ANY_AUDIENCE), Set.of("oci_ekms"));
    assertThatCode(() -> check.check(client(TokenForge.CLIENT, Set.of(), Set.of("oci_ekms")), any))
        .doesNotThrowAnyException();
    assertThat(refusal(client("other", Set.of(), Set.of("oci_ekms")), any))
        .isEqualTo(EkmErrorCode.CLIENT_NOT_ALLOWED);
    VaultRecord.Access mixed =
        access(Set.of(ClientCheck.ANY_AUDIENCE, VAULT_AUDIENCE), Set.of("oci_ekms"));
    assertThat(refusal(client(TokenForge.CLIENT, Set.of("x"), Set.of("oci_ekms")), mixed))
        .isEqualTo(EkmErrorCode.TOKEN_INVALID);
  }

  @ParameterizedTest
  @CsvSource({
    "another",
    "D3ADB33FCAFE4A5F9D8C7B6A59483726",
    "d3adb33fcafe4a5f9d8c7b6a5948372",
    "d3adb33fcafe4a5f9d8c7b6a594837266"
  })
  void check_otherClient_isNotAllowed(String id) {
    assertThat(refusal(client(id, Set.of(VAULT_AUDIENCE), Set.of("oci_ekms")), usual()))
        .isEqualTo(EkmErrorCode.CLIENT_NOT_ALLOWED);
  }

  @Test
  void check_scopeMissing_isNotAllowed() {
    for (Set<String> scopes :
        Set.of(Set.<String>of(), Set.of("oci_ekms_x"), Set.of("OCI_EKMS"), Set.of("oci", "ekms"))) {
      assertThat(refusal(client(TokenForge.CLIENT, Set.of(VAULT_AUDIENCE), scopes), usual()))
          .isEqualTo(EkmErrorCode.CLIENT_NOT_ALLOWED);
    }
  }

  @Test
  void check_oneOfSeveralScopesFits_isLetIn() {
    VerifiedClient client =
        client(TokenForge.CLIENT, Set.of(VAULT_AUDIENCE), Set.of("x", "oci_hyok_encrypt"));
    assertThatCode(
            () ->
                check.check(
                    client, access(Set.of(VAULT_AUDIENCE), Set.of("oci_ekms", "oci_hyok_encrypt"))))
        .doesNotThrowAnyException();
  }

  @Test
  void check_vaultWithoutScopes_letsNobodyIn() {
    VerifiedClient client = client(TokenForge.CLIENT, Set.of(VAULT_AUDIENCE), Set.of("oci_ekms"));
    assertThat(refusal(client, access(Set.of(VAULT_AUDIENCE), Set.of())))
        .isEqualTo(EkmErrorCode.CLIENT_NOT_ALLOWED);
  }
}
