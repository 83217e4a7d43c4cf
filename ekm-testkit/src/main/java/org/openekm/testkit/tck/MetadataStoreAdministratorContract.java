// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.VaultId;
import org.openekm.spi.store.AdministratorId;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.AdministratorRecord.Credential;
import org.openekm.spi.store.AdministratorRecord.Grant;
import org.openekm.spi.store.AdministratorRecord.Permission;
import org.openekm.spi.store.AdministratorRecord.Proof;
import org.openekm.spi.store.MetadataChange.PutAdministrator;
import org.openekm.spi.store.MetadataChange.PutSpentApproval;
import org.openekm.spi.store.MetadataChange.RemoveAdministrator;
import org.openekm.spi.store.MetadataChange.RemoveSpentApproval;
import org.openekm.spi.store.SpentApproval;

/** The part of {@link MetadataStoreTck} about administrators. */
abstract class MetadataStoreAdministratorContract extends MetadataStoreRecordContract {

  private static final Instant TIME = Instant.parse("2026-03-29T01:59:59.987Z");

  @Test
  protected void load_administrators_givesCredentialsInOrderAndAllGrants() {
    AdministratorRecord full = fullAdministrator();
    AdministratorRecord bare =
        new AdministratorRecord(newId(), "paper's \"name\" ä", List.of(), Set.of(), TIME);

    commit(new PutAdministrator(full), new PutAdministrator(bare));

    assertThat(store().load().administrators()).containsExactlyInAnyOrder(full, bare);
  }

  @Test
  protected void put_ofAKnownAdministrator_leavesNoOldCredentialAndNoOldGrant() {
    AdministratorRecord full = fullAdministrator();
    commit(new PutAdministrator(full));
    AdministratorRecord less =
        full.withCredentials(List.of(full.credentials().get(1).endingAt(TIME)))
            .withGrants(Set.of(new Grant(Permission.VIEW, Optional.empty())));

    commit(new PutAdministrator(less));

    assertThat(store().load().administrators()).containsExactly(less);
  }

  @Test
  protected void remove_ofAnAdministrator_removesThatOneOnly() {
    AdministratorRecord doomed = fullAdministrator();
    AdministratorRecord other = fullAdministrator();
    commit(new PutAdministrator(doomed), new PutAdministrator(other));

    commit(new RemoveAdministrator(doomed.id()), new RemoveAdministrator(newId()));

    assertThat(store().load().administrators()).containsExactly(other);
  }

  @Test
  protected void put_afterRemoveOfAnAdministrator_bringsNothingOldBack() {
    AdministratorRecord full = fullAdministrator();
    AdministratorRecord bare = full.withCredentials(List.of()).withGrants(Set.of());
    commit(new PutAdministrator(full));

    commit(new RemoveAdministrator(full.id()), new PutAdministrator(bare));

    assertThat(store().load().administrators()).containsExactly(bare);
  }

  @Test
  protected void administrators_afterRestart_areThere() {
    AdministratorRecord full = fullAdministrator();
    commit(new PutAdministrator(full));

    assertThat(reopened().load().administrators()).containsExactly(full);
  }

  @Test
  protected void spentApprovals_areKeptUntilRemoved() {
    SpentApproval one = new SpentApproval("0123456789abcdef".repeat(2), TIME);
    SpentApproval other = new SpentApproval("f".repeat(32), TIME.plusSeconds(1));
    commit(new PutSpentApproval(one), new PutSpentApproval(other), new PutSpentApproval(other));
    assertThat(store().load().spentApprovals()).containsExactlyInAnyOrder(one, other);

    commit(new RemoveSpentApproval(one.nonce()), new RemoveSpentApproval("none"));

    assertThat(store().load().spentApprovals()).containsExactly(other);
  }

  @Test
  protected void spentApprovals_afterRestart_areThere() {
    SpentApproval spent = new SpentApproval("0".repeat(32), TIME);
    commit(new PutSpentApproval(spent));

    assertThat(reopened().load().spentApprovals()).containsExactly(spent);
  }

  /** Every permission, for all vaults and for one; a credential of each sort, one that ends. */
  private static AdministratorRecord fullAdministrator() {
    VaultId vault = new VaultId(UUID.randomUUID());
    Set<Grant> grants =
        Arrays.stream(Permission.values())
            .flatMap(
                each ->
                    Stream.of(
                        new Grant(each, Optional.empty()), new Grant(each, Optional.of(vault))))
            .collect(Collectors.toSet());
    return new AdministratorRecord(
        newId(),
        "ops " + UUID.randomUUID(),
        List.of(
            new Credential(
                UUID.randomUUID(),
                Proof.BEARER,
                Bytes.ofHex("00ff".repeat(8)),
                Bytes.ofHex("0180".repeat(16)),
                TIME,
                Optional.of(TIME.plusSeconds(3600))),
            new Credential(
                UUID.randomUUID(),
                Proof.CERTIFICATE,
                Bytes.empty(),
                Bytes.ofHex("7f".repeat(32)),
                TIME.plusMillis(1),
                Optional.empty())),
        grants,
        TIME);
  }

  private static AdministratorId newId() {
    return new AdministratorId(UUID.randomUUID());
  }
}
