// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.api.KeyId;
import org.openekm.api.Operation;
import org.openekm.api.VaultId;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.policy.AccessRequest;
import org.openekm.spi.policy.Decision;

final class RulePolicyEngineTest {

  private static final String NOON = "2026-05-12T12:00:00Z"; // a Tuesday

  private final RulePolicyEngine engine = new RulePolicyEngine();

  @Test
  void decide_noRules_deniesByDefault() {
    assertThat(decide("{\"rules\": []}", request(Operation.ENCRYPT)))
        .isEqualTo(Decision.deny("default"));
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void decide_allowAll_allowsEveryOperationAndNamesTheRule(Operation operation) {
    assertThat(decide(RulePolicyEngine.allowAll(), request(operation)))
        .isEqualTo(Decision.allow("allow-all"));
  }

  @Test
  void decide_denyAfterAllow_denyWins() {
    String policy =
        """
        {"rules": [{"name": "a", "effect": "allow"}, {"name": "d", "effect": "deny", "operations": ["decrypt"]}]}
        """;
    assertThat(decide(policy, request(Operation.DECRYPT))).isEqualTo(Decision.deny("d"));
    assertThat(decide(policy, request(Operation.ENCRYPT))).isEqualTo(Decision.allow("a"));
  }

  @Test
  void decide_onlyOtherOperationsAllowed_deniesByDefault() {
    String policy = rule("\"operations\": [\"encrypt\", \"get-key-metadata\"]");
    assertThat(decide(policy, request(Operation.ENCRYPT)).allowed()).isTrue();
    assertThat(decide(policy, request(Operation.GET_KEY_METADATA)).allowed()).isTrue();
    assertThat(decide(policy, request(Operation.DECRYPT))).isEqualTo(Decision.deny("default"));
  }

  @Test
  void decide_clientIds_matchExactly() {
    assertThat(decide(rule("\"clientIds\": [\"client\"]"), request(Operation.ENCRYPT)).allowed())
        .isTrue();
    assertThat(decide(rule("\"clientIds\": [\"CLIENT\"]"), request(Operation.ENCRYPT)).allowed())
        .isFalse();
    assertThat(decide(rule("\"clientIds\": [\"clien\"]"), request(Operation.ENCRYPT)).allowed())
        .isFalse();
  }

  @Test
  void decide_scopes_oneOfTheTokensIsEnough() {
    assertThat(
            decide(rule("\"scopes\": [\"x\", \"oci_ekms\"]"), request(Operation.ENCRYPT)).allowed())
        .isTrue();
    assertThat(decide(rule("\"scopes\": [\"x\"]"), request(Operation.ENCRYPT)).allowed()).isFalse();
  }

  @Test
  void decide_allMembersMustMatch_oneThatDoesNotKeepsTheRuleOut() {
    String policy = rule("\"clientIds\": [\"client\"], \"scopes\": [\"other\"]");
    assertThat(decide(policy, request(Operation.ENCRYPT)).allowed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.0/24, 203.0.113.0, true",
    "203.0.113.0/24, 203.0.113.255, true",
    "203.0.113.0/24, 203.0.114.0, false",
    "203.0.113.0/24, 203.0.112.255, false",
    "203.0.113.128/25, 203.0.113.127, false",
    "203.0.113.128/25, 203.0.113.128, true",
    "203.0.113.7, 203.0.113.7, true",
    "203.0.113.7/32, 203.0.113.8, false",
    "0.0.0.0/0, 198.51.100.1, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::/0, 198.51.100.1, false",
    "::/0, 2001:db8::1, true",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "2001:db8::/33, 2001:db8:8000::, false",
    "2001:db8::1, 2001:db8:0:0:0:0:0:1, true",
    "::ffff:203.0.113.0/120, 203.0.113.9, true",
    "::ffff:203.0.113.0/120, 203.0.114.9, false",
    "::ffff:0:0/96, 198.51.100.1, true",
  })
  void decide_sources_matchByPrefix(String network, String address, boolean expected) {
    String policy = rule("\"sources\": [\"" + network + "\"]");
    assertThat(decide(policy, from(address(address))).allowed()).isEqualTo(expected);
  }

  @Test
  void decide_sourceInMappedForm_countsAsIpv4() throws UnknownHostException {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    System.arraycopy(address("203.0.113.9").getAddress(), 0, mapped, 12, 4);
    // Inet6Address.getByAddress keeps the 16 bytes, unlike InetAddress.getByAddress.
    InetAddress source = java.net.Inet6Address.getByAddress("", mapped, -1);

    assertThat(source.getAddress()).hasSize(16);
    assertThat(decide(rule("\"sources\": [\"203.0.113.0/24\"]"), from(source)).allowed()).isTrue();
  }

  @Test
  void decide_sourceUnknown_allowRuleIsOutAndDenyRuleIsIn() {
    String networks = "\"sources\": [\"0.0.0.0/0\", \"::/0\"]";
    assertThat(decide(rule(networks), request(Operation.ENCRYPT)))
        .isEqualTo(Decision.deny("default"));
    String denying =
        "{\"rules\": [{\"name\": \"a\", \"effect\": \"allow\"}, {\"name\": \"d\", \"effect\": \"deny\", "
            + networks
            + "}]}";
    assertThat(decide(denying, request(Operation.ENCRYPT))).isEqualTo(Decision.deny("d"));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-05-12T07:59:59Z, false",
    "2026-05-12T08:00:00Z, true",
    "2026-05-12T17:59:59Z, true",
    "2026-05-12T18:00:00Z, false",
    "2026-05-16T12:00:00Z, false", // Saturday
    "2026-05-11T12:00:00Z, true", // Monday
  })
  void decide_windowWithinADay_beginIsInAndEndIsOut(String time, boolean expected) {
    String window =
        "{\"days\": [\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"], \"from\": \"08:00\", \"to\": \"18:00\"}";
    assertThat(decide(rule("\"times\": [" + window + "]"), at(time)).allowed()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-05-15T21:59:59Z, false", // Friday before
    "2026-05-15T22:00:00Z, true", // Friday night begins
    "2026-05-16T05:59:59Z, true", // Saturday morning belongs to Friday
    "2026-05-16T06:00:00Z, false",
    "2026-05-16T23:00:00Z, false", // Saturday night is not in
    "2026-05-15T05:00:00Z, false", // Friday morning belongs to Thursday
  })
  void decide_windowOverMidnight_belongsToTheDayOnWhichItBegins(String time, boolean expected) {
    String window = "{\"days\": [\"fri\"], \"from\": \"22:00\", \"to\": \"06:00\"}";
    assertThat(decide(rule("\"times\": [" + window + "]"), at(time)).allowed()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-07-01T06:00:00Z, true", // summer: 08:00 in Zurich
    "2026-07-01T05:59:59Z, false",
    "2026-01-01T06:30:00Z, false", // winter: 07:30 in Zurich
    "2026-01-01T07:00:00Z, true",
  })
  void decide_windowWithZone_followsItsSummerTime(String time, boolean expected) {
    String window = "{\"from\": \"08:00\", \"to\": \"18:00\", \"zone\": \"Europe/Zurich\"}";
    assertThat(decide(rule("\"times\": [" + window + "]"), at(time)).allowed()).isEqualTo(expected);
  }

  @Test
  void decide_windowUntilMidnight_endsWithTheDay() {
    String policy =
        rule("\"times\": [{\"days\": [\"tue\"], \"from\": \"20:00\", \"to\": \"00:00\"}]");
    assertThat(decide(policy, at("2026-05-12T23:59:59Z")).allowed()).isTrue();
    assertThat(decide(policy, at("2026-05-13T00:00:00Z")).allowed()).isFalse();
  }

  @Test
  void decide_windowOfDaysOnly_lastsAllDayInItsZone() {
    String policy = rule("\"times\": [{\"days\": [\"tue\"], \"zone\": \"Asia/Tokyo\"}]");
    assertThat(decide(policy, at("2026-05-11T15:00:00Z")).allowed()).isTrue();
    assertThat(decide(policy, at("2026-05-12T15:00:00Z")).allowed()).isFalse();
  }

  @Test
  void decide_severalWindows_anyIsEnough() {
    String policy =
        rule("\"times\": [{\"days\": [\"sun\"]}, {\"from\": \"11:00\", \"to\": \"13:00\"}]");
    assertThat(decide(policy, at(NOON)).allowed()).isTrue();
  }

  @Test
  void decide_timeBefore1970_stillHasAWeekday() {
    assertThat(
            decide(rule("\"times\": [{\"days\": [\"wed\"]}]"), at("1969-12-31T12:00:00Z"))
                .allowed())
        .isTrue();
  }

  private Decision decide(String policy, AccessRequest request) {
    return engine.compile(policy).decide(request);
  }

  private static String rule(String members) {
    return "{\"rules\": [{\"name\": \"r\", \"effect\": \"allow\", " + members + "}]}";
  }

  private static AccessRequest request(Operation operation) {
    return request(operation, Optional.empty(), NOON);
  }

  private static AccessRequest from(InetAddress source) {
    return request(Operation.ENCRYPT, Optional.of(source), NOON);
  }

  private static AccessRequest at(String time) {
    return request(Operation.ENCRYPT, Optional.empty(), time);
  }

  private static AccessRequest request(
      Operation operation, Optional<InetAddress> source, String time) {
    VerifiedClient client =
        new VerifiedClient(
            "client",
            Optional.empty(),
            Set.of("aud"),
            Set.of("oci_ekms", "more"),
            Instant.parse(NOON));
    return new AccessRequest(
        operation,
        client,
        new VaultId(new UUID(0, 1)),
        Optional.of(new KeyId(new UUID(0, 2))),
        source,
        Instant.parse(time));
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
