// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.openekm.core.PlainEngine.ADMIN;
import static org.openekm.core.PlainEngine.ENCRYPT;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.core.admin.AdminException;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;

/** Policies on real calls: every kind of condition, both levels, and the reason in the audit. */
class PolicyEnforcementTest {

  private static final String ALL = rules(rule("all", "allow", ""));

  private final PlainEngine ekm = new PlainEngine();

  @AfterEach
  void close() {
    ekm.close();
  }

  @Test
  void operations_onlyThoseNamed_pass() {
    vault(rules(rule("readers", "allow", ", \"operations\": [\"encrypt\"]")));

    assertThat(encrypt()).isEqualTo(200);
    assertThat(clause()).isEqualTo("vault:readers");
    assertThat(ekm.get(ekm.keyPath("/metadata")).status()).isEqualTo(403);
    assertThat(ekm.post(ekm.keyPath("/generateRandomBytes"), "").status()).isEqualTo(403);
    assertThat(clause()).isEqualTo("vault:default");
  }

  @Test
  void clientIdsAndScopes_ofTheToken_areCompared() {
    vault(
        rules(rule("c", "allow", ", \"clientIds\": [\"oci-client\"], \"scopes\": [\"oci_ekms\"]")));
    assertThat(encrypt()).isEqualTo(200);

    vault(rules(rule("c", "allow", ", \"clientIds\": [\"oci-client2\"]")));
    assertThat(encrypt()).isEqualTo(403);

    vault(rules(rule("c", "allow", ", \"scopes\": [\"oci_ekms_admin\"]")));
    assertThat(encrypt()).isEqualTo(403);
  }

  @Test
  void sources_ofTheSocket_areCompared() throws UnknownHostException {
    vault(rules(rule("net", "allow", ", \"sources\": [\"10.1.0.0/16\", \"2001:db8::/32\"]")));

    assertThat(encryptFrom("10.1.255.255")).isEqualTo(200);
    assertThat(encryptFrom("10.2.0.0")).isEqualTo(403);
    assertThat(encryptFrom("2001:db8::7")).isEqualTo(200);
    assertThat(encryptFrom("2001:db9::7")).isEqualTo(403);
    assertThat(encrypt()).as("without a source").isEqualTo(403);
    assertThat(last().details()).doesNotContainKey("source");
  }

  @Test
  void times_byTheWallClock_openAndClose() {
    // the clock starts at noon of a Tuesday
    vault(rules(rule("noon", "allow", ", \"times\": [{\"days\": [\"tue\"], \"to\": \"12:30\"}]")));

    assertThat(encrypt()).isEqualTo(200);
    ekm.clock.advance(Duration.ofMinutes(30));
    assertThat(encrypt()).isEqualTo(403);
    ekm.clock.advance(Duration.ofDays(6).plusHours(23));
    assertThat(encrypt()).isEqualTo(200);
  }

  @Test
  void denyAtTheVault_winsOverAllowAtTheKey() {
    vault(
        rules(
            rule("all", "allow", ""),
            rule("no-encrypt", "deny", ", \"operations\": [\"encrypt\"]")));
    key(ALL);

    assertThat(encrypt()).isEqualTo(403);
    assertThat(clause()).isEqualTo("vault:no-encrypt");
  }

  @Test
  void denyAtTheKey_winsOverAllowAtTheVaultAndLeavesOtherKeysAlone() {
    key(rules(rule("frozen", "deny", "")));
    String other = "/keys/" + ekm.newKey("other").id() + "/encrypt";

    assertThat(encrypt()).isEqualTo(403);
    assertThat(clause()).isEqualTo("key:frozen");
    assertThat(ekm.post(ekm.vaultPath(other), ENCRYPT).status()).isEqualTo(200);
    assertThat(ekm.get(ekm.vaultPath("/metadata")).status()).isEqualTo(200);
  }

  @Test
  void keyPolicyThatSaysNothing_deniesThoughTheVaultAllows() {
    key("{\"rules\": []}");

    assertThat(encrypt()).isEqualTo(403);
    assertThat(clause()).isEqualTo("key:default");
    ekm.engine.admin().keys().clearPolicy(ADMIN, ekm.keyId());
    assertThat(encrypt()).isEqualTo(200);
  }

  @Test
  void denied_call_neverReachesTheBackendAndTellsTheCallerNoClause() {
    vault(rules(rule("secret-rule-name", "deny", "")));

    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).answer().json().toString())
        .isEqualTo("{\"code\":\"403\",\"message\":\"Operation is not allowed by policy.\"}");
    assertThat(ekm.backend.calls(Call.ENCRYPT)).isZero();
    assertThat(last().outcome()).isEqualTo("POLICY_DENIED");
    assertThat(last().details())
        .containsAllEntriesOf(Map.of("clause", "vault:secret-rule-name", "token", "jti-1"));
  }

  @Test
  void badPolicy_isRefusedWithFieldAndRuleAndTheOldOneStays() {
    vault(rules(rule("all", "allow", "")));

    AdminException refusal =
        catchThrowableOfType(
            AdminException.class,
            () -> vault(rules(rule("all", "allow", ", \"sources\": [\"10.0.0.1/8\"]"))));

    assertThat(refusal.toString() + refusal.problems())
        .contains("rules[0].sources[0]", "must not have bits set beyond its prefix");
    assertThat(encrypt()).isEqualTo(200);
    assertThat(clause()).isEqualTo("vault:all");
  }

  private void vault(String policy) {
    ekm.engine.admin().vaults().setPolicy(ADMIN, "payments", policy);
  }

  private void key(String policy) {
    ekm.engine.admin().keys().setPolicy(ADMIN, ekm.keyId(), policy);
  }

  private int encrypt() {
    return ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status();
  }

  private int encryptFrom(String address) throws UnknownHostException {
    return ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).from(InetAddress.getByName(address)).status();
  }

  private AuditEvent last() {
    return ekm.sink.events().get(ekm.sink.events().size() - 1);
  }

  private String clause() {
    return last().details().get("clause");
  }

  private static String rules(String... rules) {
    return "{\"rules\": [" + String.join(", ", rules) + "]}";
  }

  private static String rule(String name, String effect, String more) {
    return "{\"name\": \"%s\", \"effect\": \"%s\"%s}".formatted(name, effect, more);
  }
}
