// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.spi.policy.PolicySyntaxException;

final class PolicySyntaxTest {

  private final RulePolicyEngine engine = new RulePolicyEngine();

  @Test
  void compile_manyProblems_tellsAllWithRuleAndField() {
    String policy =
        """
        {"rules": [
          {"name": "no spaces", "effect": "maybe", "operations": ["encrypt", "sign"]},
          {"name": "b", "effect": "allow", "sources": ["10.0.0.1/8", "example.com"], "times": [{"from": "25:00", "zone": "Mars"}]},
          {"name": "b", "effect": "deny", "scopes": [], "clientIds": [7], "operation": "decrypt"},
          "not a rule"
        ], "version": 1}
        """;

    assertThat(problems(policy))
        .satisfiesExactlyInAnyOrder(
            p -> assertThat(p).startsWith("version: is not known here"),
            p -> assertThat(p).startsWith("rules[0].name: must have 1 to 64"),
            p -> assertThat(p).startsWith("rules[0].effect: must be allow or deny"),
            p ->
                assertThat(p).startsWith("rules[0].operations[1]: must be one of decrypt, encrypt"),
            p ->
                assertThat(p)
                    .startsWith("rules[1].sources[0]: must not have bits set beyond its prefix"),
            p -> assertThat(p).startsWith("rules[1].sources[1]: must be an IPv4 or IPv6 address"),
            p -> assertThat(p).startsWith("rules[1].times[0].from: must be a time of day"),
            p -> assertThat(p).startsWith("rules[1].times[0].zone: must be a time zone"),
            p -> assertThat(p).startsWith("rules[2].name: must be unique"),
            p -> assertThat(p).startsWith("rules[2].scopes: must be an array with at least one"),
            p -> assertThat(p).startsWith("rules[2].clientIds[0]: must be a text"),
            p -> assertThat(p).startsWith("rules[2].operation: is not known here"),
            p -> assertThat(p).startsWith("rules[3]: must be a JSON object"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "  ", "[]", "null", "{}", "{\"rules\": {}}", "{\"rules\": null}", "allow"})
  void compile_notAPolicy_isRefused(String text) {
    assertThat(problems(text)).hasSize(1);
  }

  @Test
  void compile_brokenJson_tellsLineAndColumnButNotTheText() {
    assertThat(problems("{\"rules\":\n  [secret]}")).hasSize(1);
    assertThat(problems("{\"rules\":\n  [secret]}").get(0))
        .startsWith("line 2, column ")
        .doesNotContain("secret");
  }

  @Test
  void compile_memberTwice_isRefused() {
    assertThat(problems("{\"rules\": [], \"rules\": [{\"name\": \"a\", \"effect\": \"allow\"}]}"))
        .hasSize(1);
  }

  @Test
  void compile_textAfterThePolicy_isRefused() {
    assertThat(problems("{\"rules\": []} {\"rules\": []}")).hasSize(1);
  }

  @Test
  void compile_deepNesting_isRefusedWithoutOverflow() {
    assertThat(problems("{\"rules\": " + "[".repeat(30_000) + "]".repeat(30_000) + "}")).hasSize(1);
  }

  @Test
  void compile_tooLong_isRefused() {
    assertThat(problems(" ".repeat(RulePolicyEngine.MAX_LENGTH) + "{}"))
        .containsExactly("policy: must have at most 65536 characters");
  }

  @Test
  void compile_ruleNamedDefault_isRefusedBecauseTheAuditWouldMislead() {
    assertThat(problems("{\"rules\": [{\"name\": \"default\", \"effect\": \"allow\"}]}"))
        .singleElement()
        .asString()
        .startsWith("rules[0].name: must not be default");
  }

  @Test
  void compile_unknownMemberWithControlCharacters_isShownHarmless() {
    assertThat(problems("{\"rules\": [], \"a\\u001b[31m\": 1}").get(0))
        .startsWith("a?[31m: is not known here");
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3, must be an IPv4 or IPv6 address",
    "01.2.3.4, must be an IPv4 or IPv6 address",
    "1.2.3.256, must be an IPv4 or IPv6 address",
    "1.2.3.4/33, must have a prefix of 0 to 32 bits",
    "1.2.3.4/, must have a prefix of 0 to 32 bits",
    "1.2.3.4/-1, must have a prefix of 0 to 32 bits",
    "1.2.3.0/024, must have a prefix of 0 to 32 bits",
    "2001:db8::/129, must have a prefix of 0 to 128 bits",
    "2001:db8::1::, must be an IPv4 or IPv6 address",
    "fe80::1%eth0, must be an IPv4 or IPv6 address",
    "dead:beef, must be an IPv4 or IPv6 address",
    "localhost, must be an IPv4 or IPv6 address",
    "::ffff:0.0.0.0/80, must have a prefix of 96 to 128 bits",
    "2001:db8::1/64, must not have bits set beyond its prefix",
  })
  void compile_badNetwork_namesTheRule(String network, String rule) {
    String policy =
        "{\"rules\": [{\"name\": \"a\", \"effect\": \"allow\", \"sources\": [\""
            + network
            + "\"]}]}";
    assertThat(problems(policy))
        .singleElement()
        .asString()
        .startsWith("rules[0].sources[0]: " + rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"from\": \"08:00\", \"to\": \"08:00\"}",
        "{\"from\": \"24:00\", \"to\": \"08:00\"}",
        "{\"from\": \"8:00\"}",
        "{\"from\": \"08:60\"}",
        "{\"to\": \"24:01\"}",
        "{\"days\": [\"monday\"]}",
        "{\"days\": []}",
        "{\"zone\": 1}",
        "{\"until\": \"18:00\"}",
        "\"08:00-18:00\"",
      })
  void compile_badWindow_isRefused(String window) {
    String policy =
        "{\"rules\": [{\"name\": \"a\", \"effect\": \"allow\", \"times\": [" + window + "]}]}";
    assertThat(problems(policy)).singleElement().asString().startsWith("rules[0].times[0]");
  }

  private List<String> problems(String policy) {
    PolicySyntaxException thrown =
        catchThrowableOfType(PolicySyntaxException.class, () -> engine.compile(policy));
    assertThat(thrown).as("problems of %s", policy).isNotNull();
    return thrown.problems();
  }
}
