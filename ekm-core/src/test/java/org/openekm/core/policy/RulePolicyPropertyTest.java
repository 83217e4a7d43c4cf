// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openekm.api.KeyId;
import org.openekm.api.Operation;
import org.openekm.api.VaultId;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.policy.AccessRequest;
import org.openekm.spi.policy.Decision;
import org.openekm.spi.policy.PolicySyntaxException;
import org.openekm.testkit.fake.SeededCases;

/**
 * Random policies on random requests, against a second reading of the rules that is slow and plain.
 */
final class RulePolicyPropertyTest {

  private static final List<String> WORDS = List.of("a", "b", "c");
  private static final List<String> NETWORKS =
      List.of("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "0.0.0.0/0", "2001:db8::/32", "::/0");
  private static final List<String> ADDRESSES =
      List.of("10.1.2.3", "10.1.9.9", "10.9.9.9", "192.0.2.1", "2001:db8::1", "2001:db9::1");

  private final RulePolicyEngine engine = new RulePolicyEngine();

  private record Drawn(
      String name,
      boolean allow,
      Set<String> operations,
      Set<String> clients,
      Set<String> scopes,
      Set<String> sources,
      Set<Integer> hours) {

    String json() {
      StringBuilder text =
          new StringBuilder("{\"name\":\"" + name + "\",\"effect\":\"")
              .append(allow ? "allow\"" : "deny\"");
      member(text, "operations", operations);
      member(text, "clientIds", clients);
      member(text, "scopes", scopes);
      member(text, "sources", sources);
      if (!hours.isEmpty()) {
        text.append(",\"times\":")
            .append(
                hours.stream()
                    .map(h -> "{\"from\":\"%02d:00\",\"to\":\"%02d:00\"}".formatted(h, h + 1))
                    .toList());
      }
      return text.append('}').toString();
    }

    private static void member(StringBuilder text, String name, Set<String> values) {
      if (!values.isEmpty()) {
        text.append(",\"").append(name).append("\":");
        text.append(values.stream().map(v -> '"' + v + '"').toList());
      }
    }

    boolean matches(AccessRequest request, Optional<String> address) {
      return fits(operations, operationName(request.operation()))
          && fits(clients, request.client().clientId())
          && (scopes.isEmpty() || !Collections.disjoint(scopes, request.client().scopes()))
          && (sources.isEmpty()
              || address
                  .map(from -> sources.stream().anyMatch(network -> holds(network, from)))
                  .orElse(!allow))
          && (hours.isEmpty() || hours.contains(request.time().atZone(ZoneOffset.UTC).getHour()));
    }

    private static boolean fits(Set<String> values, String value) {
      return values.isEmpty() || values.contains(value);
    }
  }

  @Test
  void decide_anyPolicy_agreesWithThePlainReadingInAnyOrderOfTheRules() {
    SeededCases.run(
        400,
        random -> {
          List<Drawn> rules = new ArrayList<>();
          for (int i = random.nextInt(6); i > 0; i--) {
            rules.add(rule(random, "r" + i));
          }
          Optional<String> address =
              random.nextInt(5) == 0 ? Optional.empty() : Optional.of(pick(random, ADDRESSES));
          AccessRequest request = request(random, address);

          Decision decision = engine.compile(policy(rules)).decide(request);

          List<Drawn> speaking =
              rules.stream().filter(rule -> rule.matches(request, address)).toList();
          boolean denied = speaking.stream().anyMatch(rule -> !rule.allow());
          assertThat(decision.allowed()).isEqualTo(!denied && !speaking.isEmpty());
          assertThat(decision.clause()).isEqualTo(clause(speaking, denied));
          Collections.shuffle(rules, random);
          assertThat(engine.compile(policy(rules)).decide(request).allowed())
              .isEqualTo(decision.allowed());
        });
  }

  @Test
  void decide_anyNetworkAndAddress_agreesWithArithmeticOnWholeNumbers() {
    SeededCases.run(
        1000,
        random -> {
          int size = random.nextBoolean() ? 4 : 16;
          byte[] network = new byte[size];
          random.nextBytes(network);
          network[0] = (byte) (0x20 | network[0] & 0x0f);
          byte[] address = network.clone();
          int flipped = random.nextInt(size * 8);
          address[flipped / 8] ^= (byte) (0x80 >> (flipped % 8));
          int bits = random.nextInt(size * 8 + 1);
          BigInteger mask =
              BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE).shiftLeft(size * 8 - bits);
          BigInteger first = new BigInteger(1, network).and(mask);

          AddressRange range = AddressRange.parse(text(first, size) + "/" + bits);

          assertThat(range.contains(network)).isTrue();
          assertThat(range.contains(address))
              .isEqualTo(new BigInteger(1, address).and(mask).equals(first));
          assertThat(range.contains(new byte[20 - size])).isFalse();
        });
  }

  @Test
  void contains_anyWindowOfAnyDays_agreesWithTheCalendar() {
    SeededCases.run(
        400,
        random -> {
          int from = random.nextInt(24 * 60);
          int to = (from + 1 + random.nextInt(24 * 60 - 1)) % (24 * 60);
          int offset = random.nextInt(29) - 14;
          Set<DayOfWeek> days = new TreeSet<>();
          for (DayOfWeek day : DayOfWeek.values()) {
            if (random.nextInt(3) == 0) {
              days.add(day);
            }
          }
          TimeWindow window =
              new TimeWindow(
                  days, from * 60, to == 0 ? 86_400 : to * 60, ZoneOffset.ofHours(offset));
          Instant time = Instant.ofEpochSecond(random.nextInt());
          ZonedDateTime local = time.atZone(ZoneOffset.ofHours(offset));

          LocalTime begin = LocalTime.ofSecondOfDay(from * 60L);
          LocalTime end = LocalTime.ofSecondOfDay(to * 60L);
          boolean overMidnight = to != 0 && to < from;
          boolean afterBegin = !local.toLocalTime().isBefore(begin);
          boolean beforeEnd = to == 0 || local.toLocalTime().isBefore(end);
          boolean today = days.isEmpty() || days.contains(local.getDayOfWeek());
          boolean yesterday = days.isEmpty() || days.contains(local.getDayOfWeek().minus(1));
          boolean expected =
              overMidnight
                  ? (today && afterBegin) || (yesterday && beforeEnd)
                  : today && afterBegin && beforeEnd;

          assertThat(window.contains(time.getEpochSecond())).isEqualTo(expected);
        });
  }

  @Test
  void compile_anyDamage_isAPolicyOrASyntaxProblemThatIsNamed() {
    String whole =
        policy(
            List.of(
                new Drawn(
                    "r",
                    true,
                    Set.of("encrypt"),
                    Set.of("a"),
                    Set.of("b"),
                    Set.of("10.0.0.0/8"),
                    Set.of(8))));
    SeededCases.run(
        500,
        random -> {
          StringBuilder damaged = new StringBuilder(whole);
          for (int i = 1 + random.nextInt(3); i > 0; i--) {
            damaged.setCharAt(random.nextInt(damaged.length()), (char) (' ' + random.nextInt(95)));
          }

          Throwable thrown = catchThrowable(() -> engine.compile(damaged.toString()));

          if (thrown != null) {
            assertThat(thrown)
                .as(damaged.toString())
                .isInstanceOfSatisfying(
                    PolicySyntaxException.class,
                    problem ->
                        assertThat(problem.problems())
                            .isNotEmpty()
                            .allMatch(text -> text.matches(".+: .+")));
          }
        });
  }

  private static String clause(List<Drawn> speaking, boolean denied) {
    return speaking.stream()
        .filter(rule -> rule.allow() != denied)
        .map(Drawn::name)
        .findFirst()
        .orElse("default");
  }

  private static Drawn rule(Random random, String name) {
    Set<String> operations =
        some(
            random,
            List.of(Operation.values()).stream()
                .map(RulePolicyPropertyTest::operationName)
                .toList());
    Set<Integer> hours = random.nextInt(3) == 0 ? Set.of(random.nextInt(24)) : Set.of();
    return new Drawn(
        name,
        random.nextInt(3) > 0,
        operations,
        some(random, WORDS),
        some(random, WORDS),
        some(random, NETWORKS),
        hours);
  }

  private static Set<String> some(Random random, List<String> from) {
    if (random.nextBoolean()) {
      return Set.of();
    }
    return from.stream()
        .filter(value -> random.nextInt(3) > 0)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String policy(List<Drawn> rules) {
    return "{\"rules\":" + rules.stream().map(Drawn::json).toList() + "}";
  }

  private static String operationName(Operation operation) {
    return operation.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String pick(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static AccessRequest request(Random random, Optional<String> address) {
    Operation[] operations = Operation.values();
    return new AccessRequest(
        operations[random.nextInt(operations.length)],
        new VerifiedClient(
            pick(random, WORDS),
            Optional.empty(),
            Set.of(),
            Set.of(pick(random, WORDS), "z"),
            Instant.EPOCH),
        new VaultId(new UUID(0, 1)),
        Optional.of(new KeyId(new UUID(0, 2))),
        address.map(RulePolicyPropertyTest::inet),
        Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE)));
  }

  private static boolean holds(String network, String address) {
    byte[] from = inet(address).getAddress();
    int slash = network.indexOf('/');
    byte[] base = inet(slash < 0 ? network : network.substring(0, slash)).getAddress();
    int bits = slash < 0 ? base.length * 8 : Integer.parseInt(network.substring(slash + 1));
    int shift = base.length * 8 - bits;
    return from.length == base.length
        && new BigInteger(1, from)
            .shiftRight(shift)
            .equals(new BigInteger(1, base).shiftRight(shift));
  }

  private static String text(BigInteger address, int size) {
    byte[] bytes = new byte[size];
    byte[] number = address.toByteArray();
    for (int i = 0; i < Math.min(size, number.length); i++) {
      bytes[size - 1 - i] = number[number.length - 1 - i];
    }
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static InetAddress inet(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
