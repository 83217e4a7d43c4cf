// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.KeyId;
import org.openekm.api.Operation;
import org.openekm.api.VaultId;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.policy.AccessRequest;
import org.openekm.spi.policy.Decision;
import org.openekm.spi.policy.Policy;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.spi.policy.PolicySyntaxException;
import org.openekm.testkit.fake.SeededCases;

/**
 * The contract of {@link PolicyEngine} and of the policies that it makes, as tests. Extend it and
 * supply a few policies in the engine's language.
 *
 * <p>Each test may take two minutes; annotate your class with {@code @Timeout} to change that.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class PolicyEngineTck {

  private static final Instant NOON = Instant.parse("2026-05-12T12:00:00Z");
  private static final int DECISIONS = 20_000;

  private PolicyEngine engine;

  /** Makes the engine; called before each test. */
  protected abstract PolicyEngine createEngine();

  /** Returns a policy that is right in its form and says nothing: no rule at all. */
  protected abstract String emptyPolicy();

  /** Returns a policy that allows everything to everybody. */
  protected abstract String allowAllPolicy();

  /** Returns a policy that allows the operation to everybody and nothing else. */
  protected abstract String allowOnlyPolicy(Operation operation);

  /**
   * Returns a policy that allows everything to everybody, and in another rule denies the operation.
   */
  protected abstract String allowAllButPolicy(Operation operation);

  /**
   * Returns texts that are no policies, each wrong in another way: no text at all, bad form,
   * unknown names, bad values.
   */
  protected abstract List<String> malformedPolicies();

  /** Makes the engine of the test. */
  @BeforeEach
  protected void makeEngine() {
    engine = createEngine();
  }

  @Test
  protected void decide_byAnEmptyPolicy_deniesEverything() {
    Policy policy = engine.compile(emptyPolicy());

    assertThat(requests())
        .allSatisfy(
            request -> {
              Decision decision = policy.decide(request);
              assertThat(decision.allowed()).as("%s", request.operation()).isFalse();
              assertThat(decision.clause()).isNotBlank();
            });
  }

  @Test
  protected void decide_byAnAllowAllPolicy_allowsEverything() {
    Policy policy = engine.compile(allowAllPolicy());

    assertThat(requests())
        .allSatisfy(
            request -> {
              Decision decision = policy.decide(request);
              assertThat(decision.allowed()).as("%s", request.operation()).isTrue();
              assertThat(decision.clause()).isNotBlank();
            });
  }

  @Test
  protected void decide_byAPolicyForOneOperation_deniesTheOthers() {
    for (Operation allowed : Operation.values()) {
      Policy policy = engine.compile(allowOnlyPolicy(allowed));

      assertThat(requests())
          .allSatisfy(
              request ->
                  assertThat(policy.decide(request).allowed())
                      .as("%s where only %s is allowed", request.operation(), allowed)
                      .isEqualTo(request.operation() == allowed));
    }
  }

  @Test
  protected void decide_allowAndDenyBothMatch_denies() {
    for (Operation denied : Operation.values()) {
      Policy policy = engine.compile(allowAllButPolicy(denied));

      assertThat(requests())
          .allSatisfy(
              request ->
                  assertThat(policy.decide(request).allowed())
                      .as("%s where %s is denied", request.operation(), denied)
                      .isEqualTo(request.operation() != denied));
    }
  }

  @Test
  protected void decide_clauses_tellAllowAndDenyApart() {
    Policy policy = engine.compile(allowAllButPolicy(Operation.DECRYPT));

    String allowing = policy.decide(request(Operation.ENCRYPT)).clause();
    String denying = policy.decide(request(Operation.DECRYPT)).clause();

    assertThat(denying).isNotEqualTo(allowing);
  }

  @Test
  protected void decide_sameRequestTwice_decidesTheSame() {
    Policy policy = engine.compile(allowAllButPolicy(Operation.ENCRYPT));

    assertThat(requests())
        .allSatisfy(
            request -> assertThat(policy.decide(request)).isEqualTo(policy.decide(request)));
  }

  @Test
  protected void compile_anotherPolicy_leavesEarlierOnesAlone() {
    Policy denying = engine.compile(emptyPolicy());
    Policy allowing = engine.compile(allowAllPolicy());
    engine.compile(emptyPolicy());

    assertThat(denying.decide(request(Operation.ENCRYPT)).allowed()).isFalse();
    assertThat(allowing.decide(request(Operation.ENCRYPT)).allowed()).isTrue();
  }

  @Test
  protected void compile_aMalformedPolicy_saysWhatIsWrong() {
    assertThat(malformedPolicies()).as("malformedPolicies()").hasSizeGreaterThanOrEqualTo(3);
    assertThat(malformedPolicies())
        .allSatisfy(
            text ->
                assertThatThrownBy(() -> engine.compile(text))
                    .as("policy: %s", text)
                    .isInstanceOfSatisfying(
                        PolicySyntaxException.class,
                        e ->
                            assertThat(e.problems())
                                .isNotEmpty()
                                .allSatisfy(problem -> assertThat(problem).isNotBlank())));
  }

  @Test
  protected void compile_garbage_isASyntaxErrorOrDeniesEverything() {
    String alphabet = "{}[]()<>\"':;,.=|&!*/\\ \n\t\u0000abcxyz0123456789é🔑";
    SeededCases.run(500, random -> assertNeverAllows(SeededCases.text(random, alphabet, 80)));
    assertNeverAllows("");
    assertNeverAllows("   \n");
  }

  @Test
  protected void compile_aDamagedPolicy_isASyntaxErrorOrAPolicy() {
    String whole = allowAllButPolicy(Operation.DECRYPT);
    SeededCases.run(
        500,
        random -> {
          Optional<Policy> policy = compileOrRefuse(damaged(whole, random));
          policy.ifPresent(
              p -> requests().forEach(request -> assertThat(p.decide(request)).isNotNull()));
        });
  }

  @Test
  protected void compile_deepNesting_isASyntaxError() {
    for (String bracket : List.of("[", "{\"a\":", "(", "not ")) {
      String deep = bracket.repeat(100_000);

      assertThat(compileOrRefuse(deep)).as("100,000 times %s", bracket).isEmpty();
    }
  }

  @Test
  protected void decide_byManyThreads_decidesAsOneDoes() {
    Policy policy = engine.compile(allowAllButPolicy(Operation.DECRYPT));

    List<Integer> wrong =
        InTime.all(
            4,
            thread -> {
              int errors = 0;
              for (int i = 0; i < 2_000; i++) {
                Operation operation = i % 2 == 0 ? Operation.ENCRYPT : Operation.DECRYPT;
                boolean right = policy.decide(request(operation)).allowed() == (i % 2 == 0);
                errors += right ? 0 : 1;
              }
              return errors;
            });

    assertThat(wrong).containsOnly(0);
  }

  @Test
  protected void decide_isFastEnoughForEveryRequest() {
    Policy policy = engine.compile(allowAllButPolicy(Operation.DECRYPT));
    AccessRequest request = request(Operation.ENCRYPT);
    int allowed = 0;
    for (int i = 0; i < DECISIONS; i++) {
      allowed += policy.decide(request).allowed() ? 1 : 0;
    }

    long start = System.nanoTime();
    for (int i = 0; i < DECISIONS; i++) {
      allowed += policy.decide(request).allowed() ? 1 : 0;
    }
    Duration each = Duration.ofNanos((System.nanoTime() - start) / DECISIONS);

    assertThat(allowed).isEqualTo(2 * DECISIONS);
    assertThat(each).as("time of one decision").isLessThan(Duration.ofNanos(500_000));
  }

  private void assertNeverAllows(String text) {
    compileOrRefuse(text)
        .ifPresent(
            policy ->
                assertThat(requests())
                    .allSatisfy(
                        request ->
                            assertThat(policy.decide(request).allowed())
                                .as("policy: %s", text)
                                .isFalse()));
  }

  private Optional<Policy> compileOrRefuse(String text) {
    try {
      return Optional.of(engine.compile(text));
    } catch (PolicySyntaxException e) {
      assertThat(e.problems()).isNotEmpty();
      return Optional.empty();
    }
  }

  private static String damaged(String text, Random random) {
    int at = random.nextInt(text.length());
    return switch (random.nextInt(4)) {
      case 0 -> text.substring(0, at);
      case 1 -> text.substring(0, at) + text.substring(at + 1);
      case 2 -> text.substring(0, at) + text.charAt(at) + text.substring(at);
      default -> text.substring(0, at) + (char) random.nextInt(0x100) + text.substring(at + 1);
    };
  }

  /** Every operation, with and without key, from no address and from addresses of both kinds. */
  private static List<AccessRequest> requests() {
    List<AccessRequest> requests = new ArrayList<>();
    VaultId vault = new VaultId(UUID.randomUUID());
    for (Operation operation : Operation.values()) {
      for (Optional<InetAddress> source : sources()) {
        Optional<KeyId> key = Optional.of(new KeyId(UUID.randomUUID()));
        requests.add(new AccessRequest(operation, client(), vault, key, source, NOON));
        requests.add(new AccessRequest(operation, client(), vault, Optional.empty(), source, NOON));
      }
    }
    return requests;
  }

  private static AccessRequest request(Operation operation) {
    return new AccessRequest(
        operation,
        client(),
        new VaultId(new UUID(1, 2)),
        Optional.of(new KeyId(new UUID(3, 4))),
        sources().get(1),
        NOON);
  }

  private static List<Optional<InetAddress>> sources() {
    try {
      return List.of(
          Optional.empty(),
          Optional.of(InetAddress.getByName("192.0.2.7")),
          Optional.of(InetAddress.getByName("2001:db8::7")));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address in numbers needs no look-up", e);
    }
  }

  private static VerifiedClient client() {
    return new VerifiedClient(
        "client-1",
        Optional.of("jti-1"),
        Set.of("https://ekm.example"),
        Set.of("oci_ekms"),
        NOON.plusSeconds(3_600));
  }
}
