// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.openekm.api.KeyId;
import org.openekm.api.VaultId;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.SpentApproval;

/**
 * Asks for approvals and uses them up: in the commit that they are for, so that no crash, no second
 * node and no repetition uses one twice.
 */
final class ApprovalDesk {

  static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  /**
   * How long a used approval is remembered after its end: only a clock that is set back by more
   * could make it look valid again.
   */
  private static final Duration MEMORY = Duration.ofDays(30);

  private static final int MAX_SIGNATURES = 64;
  private static final int NONCE_BYTES = 16;

  private final AdminEnvironment environment;

  ApprovalDesk(AdminEnvironment environment) {
    this.environment = environment;
  }

  /** Makes the request for an action. */
  ApprovalRequest request(
      ApprovedAction action, VaultId vault, Optional<KeyId> key, Duration validFor) {
    new Problems()
        .require(
            validFor.compareTo(SHORTEST) >= 0 && validFor.compareTo(LONGEST) <= 0,
            "validFor",
            "must be from 1 minute to 24 hours",
            "1h, or as long as the approvers need")
        .throwIfAny();
    if (!environment.approvals().asksFor(action)) {
      throw AdminException.of(
          Kind.WRONG_STATE,
          "this server asks nobody for approval of "
              + action.word()
              + "; just do it, or see admin.approvals in the configuration");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    environment.random().nextBytes(nonce);
    return new ApprovalRequest(
        environment.approvals().server(),
        action,
        vault,
        key,
        HexFormat.of().formatHex(nonce),
        environment.clock().instant().plus(validFor).truncatedTo(ChronoUnit.SECONDS));
  }

  /**
   * Returns the changes that use an approval up; none if the action takes none.
   *
   * @param now the metadata that the action is decided by
   * @throws AdminException NOT_APPROVED, which says what is missing
   */
  List<MetadataChange> spend(CatalogSnapshot now, AdminContext context, Act act, Subject subject) {
    ApprovalPolicy policy = environment.approvals();
    if (!policy.asksFor(subject.action())) {
      return List.of();
    }
    Approval approval =
        context.approval().orElseThrow(() -> refusal(subject, "none was given; ask for it first"));
    ApprovalRequest request =
        ApprovalRequest.parse(approval.request())
            .orElseThrow(() -> refusal(subject, "the text that was signed is not a request"));
    check(now, request, subject);
    Set<Integer> signers = signers(policy, approval, subject);
    if (signers.size() < policy.required()) {
      throw refusal(
          subject, "only " + signers.size() + " different approvers have signed this request");
    }
    act.detail("approvers", signers.toString()).detail("approval", request.nonce());
    List<MetadataChange> changes = new ArrayList<>();
    changes.add(
        new MetadataChange.PutSpentApproval(new SpentApproval(request.nonce(), request.expires())));
    Instant forgotten = environment.clock().instant().minus(MEMORY);
    for (SpentApproval old : now.spentApprovals()) {
      if (old.expiresAt().isBefore(forgotten)) {
        changes.add(new MetadataChange.RemoveSpentApproval(old.nonce()));
      }
    }
    return changes;
  }

  /**
   * What is to be approved.
   *
   * @param key absent for the whole vault
   */
  record Subject(ApprovedAction action, VaultId vault, Optional<KeyId> key) {}

  private void check(CatalogSnapshot now, ApprovalRequest request, Subject subject) {
    Instant time = environment.clock().instant();
    if (!request.server().equals(environment.approvals().server())) {
      throw refusal(subject, "the request is for another server");
    }
    if (request.action() != subject.action()) {
      throw refusal(subject, "the request is for another action");
    }
    if (!request.vault().equals(subject.vault()) || !request.key().equals(subject.key())) {
      throw refusal(subject, "the request is for another vault or key");
    }
    if (!time.isBefore(request.expires())) {
      throw refusal(subject, "the request has expired; ask again");
    }
    if (time.plus(LONGEST).isBefore(request.expires())) {
      throw refusal(subject, "the request ends later than any that this server makes");
    }
    if (now.isSpent(request.nonce())) {
      throw refusal(subject, "the approval has been used already; ask again");
    }
  }

  private static Set<Integer> signers(ApprovalPolicy policy, Approval approval, Subject subject) {
    if (approval.signatures().size() > MAX_SIGNATURES) {
      throw refusal(subject, "there are more than " + MAX_SIGNATURES + " signatures");
    }
    return new TreeSet<>(
        policy.signers(approval.request().getBytes(StandardCharsets.UTF_8), approval.signatures()));
  }

  private static AdminException refusal(Subject subject, String why) {
    return AdminException.of(
        Kind.NOT_APPROVED,
        subject.action().word()
            + " needs the approval of others: "
            + why
            + "; see approve request --help");
  }
}
