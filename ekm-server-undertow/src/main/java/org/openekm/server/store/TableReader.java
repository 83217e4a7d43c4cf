// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataDelta;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.TenancyId;

/** The statements that read records from tables. To be used within one consistent transaction. */
final class TableReader {

  private final Handle handle;

  TableReader(Handle handle) {
    this.handle = handle;
  }

  /** Returns the newest committed revision. */
  long revision() {
    return handle.select("SELECT value FROM revision WHERE id = 1").mapTo(Long.class).one();
  }

  /** Returns everything. */
  MetadataSnapshot all() {
    return new MetadataSnapshot(
        revision(),
        handle.select("SELECT * FROM issuer ORDER BY created_at, id").map(Rows::issuer).list(),
        handle.select("SELECT * FROM tenancy ORDER BY created_at, id").map(Rows::tenancy).list(),
        handle.select("SELECT * FROM vault ORDER BY created_at, id").map(Rows::vault).list(),
        handle.select("SELECT * FROM external_key ORDER BY created_at, id").map(Rows::key).list(),
        handle
            .select("SELECT * FROM key_version ORDER BY key_id, number")
            .map(Rows::keyVersion)
            .list());
  }

  /**
   * Returns what has changed since. Removals come first: what is in the tables now was put there
   * after them.
   */
  MetadataDelta since(long earlier) {
    List<MetadataChange> changes = new ArrayList<>(removals(earlier));
    changed("issuer", earlier, Rows::issuer)
        .forEach(issuer -> changes.add(new MetadataChange.PutIssuer(issuer)));
    changed("tenancy", earlier, Rows::tenancy)
        .forEach(tenancy -> changes.add(new MetadataChange.PutTenancy(tenancy)));
    changed("vault", earlier, Rows::vault)
        .forEach(vault -> changes.add(new MetadataChange.PutVault(vault)));
    changed("external_key", earlier, Rows::key)
        .forEach(key -> changes.add(new MetadataChange.PutKey(key)));
    changed("key_version", earlier, Rows::keyVersion)
        .forEach(version -> changes.add(new MetadataChange.PutKeyVersion(version)));
    return new MetadataDelta(revision(), changes);
  }

  private List<MetadataChange> removals(long earlier) {
    return handle
        .select("SELECT kind, id FROM removal WHERE revision > ? ORDER BY revision", earlier)
        .map((row, context) -> removal(row.getString("kind"), UUID.fromString(row.getString("id"))))
        .list();
  }

  private static MetadataChange removal(String kind, UUID id) {
    return switch (kind) {
      case "issuer" -> new MetadataChange.RemoveIssuer(new IssuerId(id));
      case "tenancy" -> new MetadataChange.RemoveTenancy(new TenancyId(id));
      case "vault" -> new MetadataChange.RemoveVault(new VaultId(id));
      case "external_key" -> new MetadataChange.RemoveKey(new KeyId(id));
      case "key_version" -> new MetadataChange.RemoveKeyVersion(new KeyVersionId(id));
      default -> throw new IllegalStateException("a row of kind " + kind + " was removed");
    };
  }

  /** The names of tables come from this class only. */
  private <T> List<T> changed(String table, long earlier, RowMapper<T> mapper) {
    return handle
        .select("SELECT * FROM " + table + " WHERE revision > ?", earlier)
        .map(mapper)
        .list();
  }
}
