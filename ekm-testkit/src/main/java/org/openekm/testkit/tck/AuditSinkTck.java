// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.RequestId;
import org.openekm.api.VaultId;
import org.openekm.spi.CheckResult;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.audit.AuditSink;
import org.openekm.spi.audit.AuditSinkException;

/**
 * The contract of {@link AuditSink} as tests. Extend it and say how a sink is opened and what it
 * has kept:
 *
 * <pre>{@code
 * class AcmeAuditSinkTest extends AuditSinkTck {
 *   @TempDir Path directory;
 *
 *   @Override
 *   protected AuditSink createSink() {
 *     return new AcmeAuditSink(directory);
 *   }
 *
 *   @Override
 *   protected Optional<AuditSink> openAgain() {
 *     return Optional.of(new AcmeAuditSink(directory));
 *   }
 *
 *   @Override
 *   protected Optional<List<String>> keptTexts() {
 *     return Optional.of(Files.readAllLines(directory.resolve("audit.log")));
 *   }
 * }
 * }</pre>
 *
 * <p>Each test may take two minutes; annotate your class with {@code @Timeout} to change that.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class AuditSinkTck {

  private static final Instant TIME = Instant.parse("2026-03-29T01:59:59.987Z");

  private final List<AuditSink> opened = new CopyOnWriteArrayList<>();
  private AuditSink sink;

  /**
   * Opens a new sink without any events, with a place of its own, such as a temporary directory.
   * Called once before each test. The kit closes it.
   */
  protected abstract AuditSink createSink();

  /**
   * Opens the place of the last {@link #createSink()} once more, after that sink was closed. The
   * kit closes it.
   *
   * @return absent, unless overridden, for a sink that can't say what was there before; the tests
   *     that need it are then aborted
   */
  protected Optional<AuditSink> openAgain() {
    return Optional.empty();
  }

  /**
   * Reads, past the sink, what it has kept: one text for each event, in their order. The form is
   * yours, but a text must show the action, the outcome, the actor and all identifiers of its
   * event. Called while the sink is open.
   *
   * @return absent, unless overridden, for a sink that can't be looked into; the tests that need it
   *     are then aborted
   */
  protected Optional<List<String>> keptTexts() {
    return Optional.empty();
  }

  /** Opens the sink of the test. */
  @BeforeEach
  protected void openSink() {
    sink = track(createSink());
  }

  /** Closes what the test has opened. */
  @AfterEach
  protected void closeSinks() {
    opened.forEach(AuditSink::close);
  }

  @Test
  protected void append_counts_fromOneWithoutGaps() {
    assertThat(sink.append(List.of(event("one"))).sequence()).isEqualTo(1);
    assertThat(sink.append(events(10)).sequence()).isEqualTo(11);
    assertThat(sink.append(List.of(event("one"))).sequence()).isEqualTo(12);
  }

  @Test
  protected void append_ofALargeBatch_isCountedWhole() {
    assertThat(sink.append(events(2_000)).sequence()).isEqualTo(2_000);
    assertThat(sink.append(events(1)).sequence()).isEqualTo(2_001);
  }

  @Test
  protected void append_chainHash_isHexadecimalAndNeverRepeats() {
    List<String> hashes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      AuditReceipt receipt = sink.append(List.of(event("same")));
      hashes.add(receipt.chainHash());
    }

    Set<String> different = new HashSet<>(hashes);
    boolean keepsNone = different.equals(Set.of(""));
    assertThat(keepsNone || different.size() == 20)
        .as("hashes of a growing chain: %s", hashes)
        .isTrue();
    assertThat(hashes).allMatch(hash -> keepsNone || hash.matches("([0-9a-fA-F]{2}){16,}"));
  }

  @Test
  protected void append_whenItReturns_hasKeptEveryEventInOrder() {
    sink.append(List.of(event("first")));
    sink.append(List.of(event("second"), event("third")));

    List<String> kept = kept();

    assertThat(kept).hasSize(3);
    assertThat(kept.get(0)).contains("first");
    assertThat(kept.get(1)).contains("second");
    assertThat(kept.get(2)).contains("third");
  }

  @Test
  protected void append_keepsEveryPartOfAnEvent() {
    AuditEvent event = fullEvent();
    sink.append(List.of(event));

    String kept = kept().get(0);

    assertThat(kept).contains(event.action(), event.outcome(), event.actor());
    assertThat(kept).contains(event.requestId().orElseThrow().value());
    assertThat(kept).contains(event.vault().orElseThrow().toString());
    assertThat(kept).contains(event.key().orElseThrow().toString());
    assertThat(kept).contains(event.version().orElseThrow().toString());
    assertThat(kept).contains("clause", "vault:allow-oci", "source", "192.0.2.7");
  }

  @Test
  protected void append_withLineBreaksAndQuotesInDetails_staysOneEntry() {
    for (String nasty :
        List.of(
            "a\nb",
            "a\r\nb",
            "\u2028x\u0085",
            "\"}\n{\"action\":\"forged\"",
            "\u0000\u0007\u001b[2J",
            "\\")) {
      sink.append(
          List.of(AuditEvent.builder(TIME, "nasty").actor(nasty).detail("detail", nasty).build()));
    }

    List<String> kept = kept();

    assertThat(kept).hasSize(6).allSatisfy(text -> assertThat(text).contains("nasty"));
  }

  @Test
  protected void append_withTextOfAnyLanguage_works() {
    sink.append(
        List.of(
            AuditEvent.builder(TIME, "text")
                .actor("Žofie 鍵 🔑")
                .detail("größe", "\ud800 alone")
                .build()));

    assertThat(sink.append(List.of(event("next"))).sequence()).isEqualTo(2);
  }

  @Test
  protected void append_ofAnEventWithManyDetails_works() {
    AuditEvent.Builder builder = AuditEvent.builder(TIME, "many");
    IntStream.range(0, 200).forEach(i -> builder.detail("name-" + i, "v".repeat(200)));

    assertThat(sink.append(List.of(builder.build())).sequence()).isEqualTo(1);
    assertThat(sink.append(List.of(event("next"))).sequence()).isEqualTo(2);
  }

  @Test
  protected void openAgain_continuesTheCountAndKeepsWhatWasThere() {
    AuditReceipt before = sink.append(events(5));
    sink.close();

    AuditSink again = again();
    AuditReceipt after = again.append(List.of(event("after")));

    assertThat(after.sequence()).isEqualTo(6);
    assertThat(after.chainHash().isEmpty()).isEqualTo(before.chainHash().isEmpty());
    keptTexts()
        .ifPresent(texts -> assertThat(texts).hasSize(6).last().asString().contains("after"));
  }

  @Test
  protected void check_ofAWorkingSink_isHealthyAndAddsNothing() {
    sink.append(List.of(event("one")));

    CheckResult result = sink.check();

    assertThat(result.healthy()).as(result.message()).isTrue();
    assertThat(result.message()).isNotBlank();
    assertThat(sink.append(List.of(event("two"))).sequence()).isEqualTo(2);
  }

  @Test
  protected void check_duringAppends_disturbsNothing() {
    AtomicBoolean done = new AtomicBoolean();
    List<Long> results = InTime.all(2, thread -> thread == 0 ? appendMany(done) : checkMany(done));

    assertThat(results.get(0)).isEqualTo(200);
    assertThat(results.get(1)).as("checks that failed").isZero();
  }

  @Test
  protected void close_thenAppend_isRefused() {
    sink.append(List.of(event("kept")));

    sink.close();
    sink.close();

    assertThatThrownBy(() -> sink.append(List.of(event("late"))))
        .isInstanceOf(AuditSinkException.class);
    assertThat(sink.check().healthy()).isFalse();
  }

  private long appendMany(AtomicBoolean done) {
    try {
      long last = 0;
      for (int i = 0; i < 200; i++) {
        last = sink.append(List.of(event("busy"))).sequence();
      }
      return last;
    } finally {
      done.set(true);
    }
  }

  private long checkMany(AtomicBoolean done) {
    long failed = 0;
    do {
      failed += sink.check().healthy() ? 0 : 1;
    } while (!done.get());
    return failed;
  }

  private AuditSink track(AuditSink fresh) {
    opened.add(fresh);
    return fresh;
  }

  private AuditSink again() {
    Optional<AuditSink> again = openAgain();
    assumeTrue(again.isPresent(), "openAgain() gives none");
    return track(again.orElseThrow());
  }

  private List<String> kept() {
    Optional<List<String>> kept = keptTexts();
    assumeTrue(kept.isPresent(), "keptTexts() gives none");
    return kept.orElseThrow();
  }

  private static AuditEvent event(String action) {
    return AuditEvent.builder(TIME, action).build();
  }

  private static List<AuditEvent> events(int count) {
    return IntStream.range(0, count).mapToObj(i -> event("event-" + i)).toList();
  }

  private static AuditEvent fullEvent() {
    return AuditEvent.builder(TIME, "encrypt")
        .outcome("POLICY_DENIED")
        .actor("client-1")
        .requestId(new RequestId("csid/req-1"))
        .vault(new VaultId(UUID.randomUUID()))
        .key(new KeyId(UUID.randomUUID()))
        .version(new KeyVersionId(UUID.randomUUID()))
        .detail("clause", "vault:allow-oci")
        .detail("source", "192.0.2.7")
        .build();
  }
}
