// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.RequestId;
import org.openekm.api.VaultId;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.FirstUses;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.VaultRecord;

/**
 * Writes down that OCI has used a vault or a key: once for each, away from the requests. What can't
 * be written now stays noted. Thread-safe.
 */
final class Linker {

  private static final String WORK = "link";

  private final AdminEnvironment environment;
  private final AdminDesk desk;
  private final FirstUses uses;
  private final RetryPauses pauses;

  /** Makes one that no request's condition concerns: it is not the request that writes. */
  Linker(AdminEnvironment environment) {
    this.environment = environment.unguarded();
    this.desk = new AdminDesk(this.environment);
    this.uses = environment.memory().firstUses();
    this.pauses = environment.memory().pauses();
  }

  /** Writes what is noted, unless that has failed a moment ago. */
  int writeDue() {
    return pauses.over(WORK) ? writeNoted() : 0;
  }

  /**
   * Writes what is noted until one can't be written, which is reported; it and the rest stay noted.
   */
  int writeNoted() {
    int written = 0;
    for (Map.Entry<VaultId, Instant> use : uses.vaults().entrySet()) {
      VaultId id = use.getKey();
      if (!succeeds("vault " + id, () -> linkVault(id, use.getValue()))) {
        return written;
      }
      uses.written(id);
      written++;
    }
    for (Map.Entry<KeyId, Instant> use : uses.keys().entrySet()) {
      KeyId id = use.getKey();
      if (!succeeds("key " + id, () -> linkKey(id, use.getValue()))) {
        return written;
      }
      uses.written(id);
      written++;
    }
    return written;
  }

  private boolean succeeds(String what, Runnable work) {
    try {
      work.run();
      pauses.done(WORK);
      return true;
    } catch (RuntimeException e) {
      // Whatever is wrong, no request may feel it; the note stays.
      Duration unused = pauses.failed(WORK);
      environment
          .listener()
          .onWarning(
              "link-not-written",
              "that OCI has used " + what + " can't be written down yet: " + e.getMessage());
      return false;
    }
  }

  private void linkVault(VaultId id, Instant at) {
    if (linked(desk.read(), id, at).isEmpty()) {
      return;
    }
    Act act = new Act("vault.link", AdminVerb.UPDATE);
    CatalogSnapshot unused =
        desk.grant(
            context(id.toString()),
            act,
            () ->
                desk.commit(
                    act,
                    now -> {
                      act.vault(now, id);
                      return linked(now, id, at);
                    }));
  }

  private void linkKey(KeyId id, Instant at) {
    Optional<KeyEntry> key = desk.read().findKey(id);
    if (key.isEmpty() || linked(key, at).isEmpty()) {
      return;
    }
    VaultId vault = key.get().record().vault();
    Act act = new Act("key.link", AdminVerb.UPDATE).key(id);
    CatalogSnapshot unused =
        desk.grant(
            context(id.toString()),
            act,
            () ->
                desk.commit(
                    act,
                    now -> {
                      act.vault(now, vault);
                      return linked(now.findKey(id), at);
                    }));
  }

  private static AdminContext context(String id) {
    return new AdminContext(
        AdminIdentity.root("server"), new RequestId("link-" + id), Optional.empty());
  }

  /** Returns nothing to do for a vault that is gone or linked already, perhaps by another node. */
  private static List<MetadataChange> linked(CatalogSnapshot now, VaultId id, Instant at) {
    Optional<VaultRecord> vault =
        now.vault(id)
            .map(VaultEntry::record)
            .filter(record -> record.attributes().linkedAt().isEmpty());
    return vault.isEmpty()
        ? List.of()
        : List.of(
            new MetadataChange.PutVault(
                vault.get().withAttributes(vault.get().attributes().withLinkedAt(at))));
  }

  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as looked up, private
  private static List<MetadataChange> linked(Optional<KeyEntry> found, Instant at) {
    Optional<KeyRecord> key =
        found
            .map(KeyEntry::record)
            .filter(
                record ->
                    record.attributes().linkedAt().isEmpty()
                        && record.state() != KeyState.DESTROYED);
    return key.isEmpty()
        ? List.of()
        : List.of(
            new MetadataChange.PutKey(
                key.get().withAttributes(key.get().attributes().withLinkedAt(at))));
  }
}
