// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.api.KeyState;
import org.openekm.api.VaultId;
import org.openekm.core.admin.KeyMaker.Material;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import org.openekm.spi.store.KeyVersionRecord;

/**
 * Material that is wrapped under a key of the backend, which opens it itself. That key must never
 * have served OCI: one key, one purpose. Used by one thread.
 */
final class BackendWrappedSource implements KeyMaker.Source {

  private final AdminEnvironment environment;
  private final AdminDesk desk;
  private final Act act;
  private final WrappedMaterial wrapped;
  private @Nullable BackendKeyRef wrappingKey;

  BackendWrappedSource(
      AdminEnvironment environment, AdminDesk desk, Act act, WrappedMaterial wrapped) {
    this.environment = environment;
    this.desk = desk;
    this.act = act;
    this.wrapped = wrapped;
  }

  @Override
  public void check(Problems problems, KeyBackend backend, int lengthBytes) {
    problems.require(
        backend.capabilities().has(BackendFeature.UNWRAP_KEY),
        "wrapping",
        "is one that the vault's backend can't open",
        "use rsa-aes-256");
    CatalogSnapshot now = desk.read();
    Optional<KeyEntry> found = Lookup.key(now, wrapped.wrappingKey().orElseThrow());
    requirePermission(now, found);
    if (found.isEmpty()) {
      problems.add("wrappingKey", "does not exist", "name it by its id or as VAULT/NAME");
      return;
    }
    KeyVersionRecord version = found.get().current();
    problems.require(
        found.get().record().state() == KeyState.PRE_ACTIVE && !found.get().record().blocked(),
        "wrappingKey",
        "is not a pre-active key, or it is blocked",
        "import it by ekm key import --pre-active and never activate it: a key that wraps others must not serve OCI");
    problems.require(
        version.state() == KeyState.ACTIVE
            && environment.backends().names().contains(version.backend())
            && environment.backends().get(version.backend()) == backend,
        "wrappingKey",
        "is in another backend than the vault's, or its current version is disabled",
        "wrap under a key that is in the vault's backend");
    wrappingKey = version.ref();
  }

  /** Whoever lacks the verb where the wrapping key is neither uses it nor learns that it exists. */
  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as looked up, private
  private void requirePermission(CatalogSnapshot now, Optional<KeyEntry> found) {
    String name = wrapped.wrappingKey().orElseThrow();
    Optional<VaultId> vault =
        found
            .map(key -> key.record().vault())
            .or(
                () ->
                    Lookup.vault(now, name.substring(0, Math.max(0, name.indexOf('/'))))
                        .map(entry -> entry.record().id()));
    boolean covered =
        vault.map(id -> act.covers(now, id)).orElseGet(() -> act.coversEverything(now));
    if (!covered) {
      throw act.refusal();
    }
  }

  @Override
  public Material obtain(KeyBackend backend, NewKey newKey) {
    BackendKeyRef ref = java.util.Objects.requireNonNull(wrappingKey, "looked up by the check");
    try {
      return new Material(
          KeyMaker.twice(() -> backend.unwrapKey(newKey, ref, wrapped.bytes(), deadline())),
          true,
          List.of());
    } catch (BackendException.AuthenticationTagMismatch | BackendException.KeyUnusable e) {
      throw AdminException.invalid(
          List.of(
              new ConfigurationProblem(
                  "wrappedMaterial",
                  "can't be opened under the wrapping key, or has not the length of the key",
                  "wrap the raw key by AES key wrap with padding (RFC 5649) under that key")));
    }
  }

  private Deadline deadline() {
    return Deadline.after(KeyMaker.BACKEND_WAIT, environment.nanoClock());
  }
}
