// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.refused;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.Bytes;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.testkit.fake.SeededCases;
import org.openekm.testkit.fake.TestKeys;

/** Two of three approvers, and every way to have fewer. */
@Timeout(120)
final class ApprovalTest {

  private static final String KEY = "vault/payroll";
  private static final Duration HOUR = Duration.ofHours(1);

  private final List<KeyPair> approvers = List.of(newKeys(), newKeys(), newKeys());
  private final AdminFixture fixture =
      new AdminFixture(
              Duration.ofSeconds(30),
              ApprovalPolicy.of(
                  "ekm-prod",
                  2,
                  approvers.stream().map(KeyPair::getPublic).toList(),
                  Set.of(ApprovedAction.UNBLOCK, ApprovedAction.DESTROY)))
          .withVault();
  private final KeyAdmin keys = fixture.keys();
  private final KeyRecord key = fixture.newKey("payroll").key();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void unblock_byTwoOfThree_isDone() {
    keys.block(ADMIN, KEY);
    for (int[] pair : new int[][] {{0, 1}, {1, 2}, {2, 0}}) {
      ApprovalRequest request = ask(ApprovedAction.UNBLOCK);
      assertThat(keys.unblock(by(request, pair), KEY).blocked()).isFalse();
      keys.block(ADMIN, KEY);
    }
    assertThat(fixture.sink.events("key.unblock").get(0).details())
        .containsEntry("approvers", "[1, 2]")
        .containsKey("approval");
  }

  @Test
  void unblock_withoutAny_isRefusedAndSaysWhatToDo() {
    keys.block(ADMIN, KEY);
    assertThat(refusedUnchanged(ADMIN)).hasMessageContaining("approve request");
  }

  @Test
  void unblock_byOneOfThree_isRefused() {
    keys.block(ADMIN, KEY);
    assertThat(refusedUnchanged(by(ask(ApprovedAction.UNBLOCK), 1))).hasMessageContaining("only 1");
  }

  @Test
  void unblock_bySameApproverTwice_countsOnce() {
    keys.block(ADMIN, KEY);
    assertThat(refusedUnchanged(by(ask(ApprovedAction.UNBLOCK), 1, 1, 1)))
        .hasMessageContaining("only 1");
  }

  @Test
  void unblock_byStrangers_isRefused() {
    keys.block(ADMIN, KEY);
    ApprovalRequest request = ask(ApprovedAction.UNBLOCK);
    List<Bytes> strangers =
        List.of(sign(newKeys(), request.text()), sign(newKeys(), request.text()));
    assertThat(refusedUnchanged(ADMIN.withApproval(new Approval(request.text(), strangers))))
        .hasMessageContaining("only 0");
  }

  @Test
  void unblock_replayed_isRefused() {
    keys.block(ADMIN, KEY);
    AdminContext approved = by(ask(ApprovedAction.UNBLOCK), 0, 1);
    keys.unblock(approved, KEY);
    keys.block(ADMIN, KEY);
    assertThat(refusedUnchanged(approved)).hasMessageContaining("used already");
  }

  @Test
  void unblock_replayedByOtherSignatures_isRefused() {
    keys.block(ADMIN, KEY);
    ApprovalRequest request = ask(ApprovedAction.UNBLOCK);
    keys.unblock(by(request, 0, 1), KEY);
    keys.block(ADMIN, KEY);
    assertThat(refusedUnchanged(by(request, 1, 2))).hasMessageContaining("used already");
  }

  @Test
  void unblock_replayedAfterRestart_isRefused() {
    keys.block(ADMIN, KEY);
    AdminContext approved = by(ask(ApprovedAction.UNBLOCK), 0, 1);
    keys.unblock(approved, KEY);
    keys.block(ADMIN, KEY);
    fixture.catalog.refresh();
    AdminServices restarted = fixture.restarted();
    refused(Kind.NOT_APPROVED, () -> restarted.keys().unblock(approved, KEY));
    assertThat(fixture.store.load().spentApprovals()).hasSize(1);
  }

  /** One approval, many at once: it is used up in the commit that it is for. */
  @Test
  void unblock_sameApprovalManyTimesAtOnce_isDoneOnce() throws Exception {
    keys.block(ADMIN, KEY);
    AdminContext approved = by(ask(ApprovedAction.UNBLOCK), 0, 1);
    List<Future<Boolean>> tries = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Callable<Boolean> attempt =
          () -> {
            try {
              keys.unblock(approved, KEY);
              keys.block(ADMIN, KEY);
              return true;
            } catch (AdminException e) {
              assertThat(e.kind()).isEqualTo(Kind.NOT_APPROVED);
              return false;
            }
          };
      tries.add(fixture.executor.submit(attempt));
    }
    for (Future<Boolean> one : tries) {
      one.get(60, TimeUnit.SECONDS);
    }
    assertThat(fixture.store.load().spentApprovals()).hasSize(1);
    assertThat(
            fixture.sink.events("key.unblock").stream()
                .filter(event -> event.succeeded() && event.details().containsKey("approval")))
        .as("unblocked by it")
        .hasSize(1);
  }

  @Test
  void unblock_expired_isRefused() {
    keys.block(ADMIN, KEY);
    AdminContext approved = by(ask(ApprovedAction.UNBLOCK), 0, 1);
    fixture.clock.advance(HOUR);
    assertThat(refusedUnchanged(approved)).hasMessageContaining("expired");
  }

  @Test
  void unblock_requestThatEndsLaterThan24h_isRefusedHoweverManySigned() {
    keys.block(ADMIN, KEY);
    ApprovalRequest real = ask(ApprovedAction.UNBLOCK);
    ApprovalRequest longer =
        new ApprovalRequest(
            real.server(),
            real.action(),
            real.vault(),
            real.key(),
            real.nonce(),
            real.expires().plus(Duration.ofHours(24)));
    assertThat(refusedUnchanged(by(longer, 0, 1, 2))).hasMessageContaining("later");
  }

  @Test
  void unblock_approvedForAnotherAction_isRefused() {
    keys.block(ADMIN, KEY);
    assertThat(refusedUnchanged(by(ask(ApprovedAction.DESTROY), 0, 1)))
        .hasMessageContaining("another action");
  }

  @Test
  void unblock_approvedForAnotherKey_isRefused() {
    fixture.newKey("other");
    keys.block(ADMIN, KEY);
    ApprovalRequest request =
        fixture.admin.approvals().forKey(ADMIN, ApprovedAction.UNBLOCK, "vault/other", HOUR);
    assertThat(refusedUnchanged(by(request, 0, 1))).hasMessageContaining("another vault or key");
  }

  @Test
  void unblock_keyApprovedForItsVault_isRefused_andTheOtherWayRound() {
    keys.block(ADMIN, KEY);
    fixture.vaults().block(ADMIN, "vault");
    ApprovalRequest vault = fixture.admin.approvals().forVault(ADMIN, "vault", HOUR);
    assertThat(refusedUnchanged(by(vault, 0, 1))).hasMessageContaining("another vault or key");
    refused(
        Kind.NOT_APPROVED,
        () -> fixture.vaults().unblock(by(ask(ApprovedAction.UNBLOCK), 0, 1), "vault"));
    assertThat(fixture.vaults().unblock(by(vault, 0, 1), "vault").blocked()).isFalse();
  }

  @Test
  void unblock_approvedForAnotherServer_isRefused() {
    keys.block(ADMIN, KEY);
    ApprovalRequest real = ask(ApprovedAction.UNBLOCK);
    ApprovalRequest other =
        new ApprovalRequest(
            "ekm-test", real.action(), real.vault(), real.key(), real.nonce(), real.expires());
    assertThat(refusedUnchanged(by(other, 0, 1))).hasMessageContaining("another server");
  }

  /** Whatever one changes in what was signed: it is no canonical text, or not what was signed. */
  @Test
  void unblock_alteredInAnyCharacter_isRefused() {
    keys.block(ADMIN, KEY);
    ApprovalRequest request = ask(ApprovedAction.UNBLOCK);
    AdminContext genuine = by(request, 0, 1);
    List<Bytes> signatures = genuine.approval().orElseThrow().signatures();
    String text = request.text();
    MetadataSnapshot before = fixture.store.load();
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == '0' ? '1' : '0';
      String altered = text.substring(0, i) + other + text.substring(i + 1);
      refused(
          Kind.NOT_APPROVED,
          () -> keys.unblock(ADMIN.withApproval(new Approval(altered, signatures)), KEY));
    }
    for (String altered : List.of(text + "\n", " " + text, text.replace("\n", "\r\n"), "", "x")) {
      refused(
          Kind.NOT_APPROVED,
          () -> keys.unblock(ADMIN.withApproval(new Approval(altered, signatures)), KEY));
    }
    assertThat(fixture.store.load()).isEqualTo(before);
    assertThat(keys.unblock(genuine, KEY).blocked()).isFalse();
  }

  @Test
  void unblock_signatureAltered_isRefused() {
    keys.block(ADMIN, KEY);
    ApprovalRequest request = ask(ApprovedAction.UNBLOCK);
    Bytes good = sign(approvers.get(0), request.text());
    Bytes other = sign(approvers.get(1), request.text());
    SeededCases.run(
        200,
        random -> {
          byte[] bytes = other.toByteArray();
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          Approval altered = new Approval(request.text(), List.of(good, Bytes.adopt(bytes)));
          refused(Kind.NOT_APPROVED, () -> keys.unblock(ADMIN.withApproval(altered), KEY));
        });
    for (int length : new int[] {0, 1, 63, 65, 1000}) {
      Approval wrong = new Approval(request.text(), List.of(good, Bytes.copyOf(new byte[length])));
      refused(Kind.NOT_APPROVED, () -> keys.unblock(ADMIN.withApproval(wrong), KEY));
    }
  }

  @Test
  void unblock_thousandsOfSignatures_areRefusedUnread() {
    keys.block(ADMIN, KEY);
    ApprovalRequest request = ask(ApprovedAction.UNBLOCK);
    List<Bytes> many = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      many.add(sign(approvers.get(i % 2), request.text()));
    }
    assertThat(refusedUnchanged(ADMIN.withApproval(new Approval(request.text(), many))))
        .hasMessageContaining("more than 64");
  }

  @Test
  void unblock_ofWhatIsNotBlocked_needsNoneAndUsesNoneUp() {
    AdminContext approved = by(ask(ApprovedAction.UNBLOCK), 0, 1);
    keys.unblock(ADMIN, KEY);
    keys.unblock(approved, KEY);
    keys.block(ADMIN, KEY);
    assertThat(keys.unblock(approved, KEY).blocked()).isFalse();
  }

  @Test
  void unblock_approvedButNotGranted_isForbiddenAndUsesNothingUp() {
    keys.block(ADMIN, KEY);
    AdminContext nobody =
        new AdminContext(
            new AdminIdentity.Administrator(
                new org.openekm.spi.store.AdministratorId(java.util.UUID.randomUUID()),
                java.util.UUID.randomUUID(),
                "nobody"),
            ADMIN.requestId(),
            Optional.empty());
    ApprovalRequest request = ask(ApprovedAction.UNBLOCK);
    Approval approval = by(request, 0, 1).approval().orElseThrow();
    refused(Kind.FORBIDDEN, () -> keys.unblock(nobody.withApproval(approval), KEY));
    assertThat(keys.unblock(ADMIN.withApproval(approval), KEY).blocked()).isFalse();
  }

  @Test
  void block_needsNoApproval() {
    assertThat(keys.block(ADMIN, KEY).blocked()).isTrue();
    assertThat(fixture.vaults().block(ADMIN, "vault").blocked()).isTrue();
  }

  @Test
  void destroy_needsApproval_andTheMaterialStaysWithoutIt() {
    keys.block(ADMIN, KEY);
    MetadataSnapshot before = fixture.store.load();
    refused(Kind.NOT_APPROVED, () -> keys.destroy(ADMIN, KEY));
    refused(Kind.NOT_APPROVED, () -> keys.destroy(by(ask(ApprovedAction.UNBLOCK), 0, 1), KEY));
    assertThat(fixture.store.load()).isEqualTo(before);
    assertThat(fixture.device.keyCount()).isEqualTo(1);
    assertThat(fixture.sink.events("key.destroy.begin")).isEmpty();

    KeyRecord gone = keys.destroy(by(ask(ApprovedAction.DESTROY), 0, 2), KEY);

    assertThat(gone.state()).isEqualTo(KeyState.DESTROYED);
    assertThat(fixture.device.keyCount()).isZero();
  }

  /** A waiting period must not be the way round the approval; once approved, it needs no other. */
  @Test
  void scheduleDeletion_needsApproval_andItsEndNoOther() {
    refused(Kind.NOT_APPROVED, () -> keys.scheduleDeletion(ADMIN, KEY, Duration.ofDays(7)));
    assertThat(keys.find(ADMIN, KEY).key().state()).isEqualTo(KeyState.ACTIVE);

    keys.scheduleDeletion(by(ask(ApprovedAction.DESTROY), 0, 1), KEY, HOUR);

    assertThat(keys.find(ADMIN, KEY).key().state()).isEqualTo(KeyState.PENDING_DELETION);
    KeyId id = key.id();
    keys.block(ADMIN, KEY);
    AdminException notNow = refused(Kind.NOT_APPROVED, () -> keys.destroy(ADMIN, id.toString()));
    assertThat(notNow).hasMessageContaining("none was given");
  }

  @Test
  void force_takesTheApprovalsPlace_neitherAtDestroyNorAtScheduleDeletion() {
    keys.block(ADMIN, KEY);
    refused(Kind.NOT_APPROVED, () -> keys.destroy(ADMIN, KEY, true));
    refused(Kind.NOT_APPROVED, () -> keys.scheduleDeletion(ADMIN, KEY, Duration.ofDays(7), true));
    assertThat(keys.find(ADMIN, KEY).key().state()).isEqualTo(KeyState.ACTIVE);
  }

  @Test
  void request_validityOutOfRange_isInvalid() {
    for (Duration wrong :
        new Duration[] {
          Duration.ofSeconds(59), Duration.ofHours(24).plusSeconds(1), Duration.ZERO
        }) {
      refused(
          Kind.INVALID,
          () -> fixture.admin.approvals().forKey(ADMIN, ApprovedAction.UNBLOCK, KEY, wrong));
    }
  }

  @Test
  void request_serverThatAsksNobody_saysSo() {
    try (AdminFixture plain = new AdminFixture().withVault()) {
      plain.newKey("payroll");
      refused(
          Kind.WRONG_STATE,
          () -> plain.admin.approvals().forKey(ADMIN, ApprovedAction.UNBLOCK, KEY, HOUR));
    }
  }

  @Test
  void spentApprovals_longAfterTheirEnd_areForgotten() {
    keys.block(ADMIN, KEY);
    keys.unblock(by(ask(ApprovedAction.UNBLOCK), 0, 1), KEY);
    fixture.clock.advance(Duration.ofDays(32));
    keys.block(ADMIN, KEY);
    keys.unblock(by(ask(ApprovedAction.UNBLOCK), 0, 1), KEY);
    assertThat(fixture.store.load().spentApprovals()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expires: 2026-13-12T13:00:00Z",
        "expires: 2026-05-32T13:00:00Z",
        "expires: 2026-05-12T13:00:60Z"
      })
  void parse_timeThatThereIsNot_isNoRequest(String line) {
    String text = ask(ApprovedAction.UNBLOCK).text();
    String odd = text.substring(0, text.indexOf("expires: ")) + line + "\n";
    assertThat(ApprovalRequest.parse(text)).isPresent();
    assertThat(ApprovalRequest.parse(odd)).isEmpty();
  }

  @Test
  void policy_everythingWrong_isToldAtOnce() {
    PublicKey one = newKeys().getPublic();
    assertThatThrownBy(
            () ->
                ApprovalPolicy.of(
                    "no name", 4, List.of(one, one, TestKeys.rsa().getPublic()), Set.of()))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .extracting(problem -> problem.field())
                    .containsExactlyInAnyOrder(
                        "server", "approvers.1", "approvers.2", "required", "for"));
  }

  private AdminException refusedUnchanged(AdminContext context) {
    MetadataSnapshot before = fixture.store.load();
    AdminException refusal = refused(Kind.NOT_APPROVED, () -> keys.unblock(context, KEY));
    assertThat(fixture.store.load()).isEqualTo(before);
    return refusal;
  }

  private ApprovalRequest ask(ApprovedAction action) {
    return fixture.admin.approvals().forKey(ADMIN, action, KEY, HOUR);
  }

  private AdminContext by(ApprovalRequest request, int... who) {
    return ADMIN.withApproval(
        new Approval(
            request.text(),
            Arrays.stream(who).mapToObj(i -> sign(approvers.get(i), request.text())).toList()));
  }

  private static Bytes sign(KeyPair keys, String text) {
    try {
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(keys.getPrivate());
      signer.update(text.getBytes(StandardCharsets.UTF_8));
      return Bytes.adopt(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
