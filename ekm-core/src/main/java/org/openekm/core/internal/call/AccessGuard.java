// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.Operation;
import org.openekm.api.VaultId;
import org.openekm.api.VerifiedClient;
import org.openekm.core.auth.ClientCheck;
import org.openekm.core.catalog.AccessDecider;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.CatalogView;
import org.openekm.core.catalog.KeyCatalog;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.ServingRules;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.spi.policy.AccessRequest;
import org.openekm.spi.policy.Decision;
import org.openekm.spi.store.KeyVersionRecord;

/**
 * Says whether a client may work on a vault and key right now. The order of the checks is part of
 * the wire contract: vault, client, vault's block, key, key's block and state, policy.
 */
final class AccessGuard {

  private final KeyCatalog catalog;
  private final AccessDecider decider;
  private final ClientCheck clients = new ClientCheck();
  private final InstantSource clock;

  AccessGuard(KeyCatalog catalog, CallEnvironment environment) {
    this.catalog = catalog;
    this.decider = new AccessDecider(environment.listener());
    this.clock = environment.clock();
  }

  /**
   * Admits a call on the grounds of a snapshot: the same that told which issuer had to vouch for
   * the client.
   */
  Admission admit(
      CallRecord call,
      VerifiedClient client,
      Optional<VaultId> vault,
      Optional<KeyId> key,
      CatalogSnapshot snapshot) {
    Admission admission = decided(call, client, vault, key, snapshot);
    call.admitted(admission);
    return admission;
  }

  /**
   * Looks again after the work: whoever was admitted on an older revision must still be admitted on
   * the present one, the version that worked must still be active, and the issuer that vouched for
   * them must still be the vault's.
   *
   * @return what it saw, for {@link #requireStillValid}
   * @throws EkmException if not; the result must not be given out then
   */
  CatalogView confirm(CallRecord call, Deadline deadline) {
    Admission before = call.admission();
    if (before == null) {
      throw new EkmException(EkmErrorCode.INTERNAL, "a call that was never admitted has a result");
    }
    CatalogView seen = catalog.look(deadline);
    CatalogSnapshot now = seen.snapshot();
    if (now.revision() != before.revision()) {
      Admission again =
          decided(
              call,
              before.client(),
              Optional.of(before.vault().record().id()),
              before.optionalKey().map(entry -> entry.record().id()),
              now);
      if (!again.vault().issuer().equals(before.vault().issuer())) {
        throw new EkmException(
            EkmErrorCode.TOKEN_INVALID, "the vault's issuer was changed during the call");
      }
      confirmVersion(call, again);
    }
    return seen;
  }

  /** A version can be disabled while its key stays in use. */
  private static void confirmVersion(CallRecord call, Admission again) {
    KeyVersionId version = call.version();
    if (version != null && again.keyEntry() != null) {
      KeyVersionRecord unused = ServingRules.version(again.key(), version);
    }
  }

  /**
   * Says at the last moment whether what {@link #confirm} saw still holds.
   *
   * @throws EkmException STORE_UNAVAILABLE if it is too long ago
   */
  void requireStillValid(CatalogView seen) {
    catalog.requireStillValid(seen);
  }

  private Admission decided(
      CallRecord call,
      VerifiedClient client,
      Optional<VaultId> vaultId,
      Optional<KeyId> keyId,
      CatalogSnapshot snapshot) {
    VaultId id =
        vaultId.orElseThrow(
            () ->
                new EkmException(
                    EkmErrorCode.VAULT_NOT_FOUND, "the vault id in the path is no UUID"));
    snapshot.vault(id).ifPresent(vault -> clients.check(client, vault.record().access()));
    Instant now = clock.instant();
    VaultEntry vault = ServingRules.vault(snapshot, id, now);
    Admission admission =
        new Admission(client, vault, key(call, vault, keyId), snapshot.revision(), now);
    decide(call, admission);
    return admission;
  }

  private static @Nullable KeyEntry key(CallRecord call, VaultEntry vault, Optional<KeyId> keyId) {
    if (call.operation() == Operation.GET_VAULT_METADATA) {
      return null;
    }
    return ServingRules.key(
        vault,
        keyId.orElseThrow(
            () ->
                new EkmException(EkmErrorCode.KEY_NOT_FOUND, "the key id in the path is no UUID")));
  }

  private void decide(CallRecord call, Admission admission) {
    @Nullable KeyEntry key = admission.keyEntry();
    AccessRequest request =
        new AccessRequest(
            call.operation(),
            admission.client(),
            admission.vault().record().id(),
            admission.optionalKey().map(entry -> entry.record().id()),
            call.source(),
            admission.at());
    Decision decision =
        key == null
            ? decider.decide(admission.vault(), request)
            : decider.decide(admission.vault(), key, request);
    call.decidedBy(decision.clause());
    if (!decision.allowed()) {
      throw new EkmException(EkmErrorCode.POLICY_DENIED, "policy refuses by " + decision.clause());
    }
  }
}
