// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.spi.store.AdministratorId;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataDelta;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.TenancyId;

/** The statements that read records from tables. */
final class TableReader {

  /** Rows from before there were revisions have 0. */
  private static final long EARLIER_THAN_ALL = -1;

  private final Handle handle;

  TableReader(Handle handle) {
    this.handle = handle;
  }

  /** Returns the newest committed revision. */
  long revision() {
    return handle.select("SELECT value FROM revision WHERE id = 1").mapTo(Long.class).one();
  }

  /** Returns everything. To be called within one consistent transaction. */
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
            .list(),
        AdministratorTables.administrators(handle, EARLIER_THAN_ALL),
        AdministratorTables.spentApprovals(handle, EARLIER_THAN_ALL));
  }

  /**
   * Returns what has changed since, with as few trips as can be and outside a transaction: one look
   * at which tables have changed, one at each of those, which also tells the revision then.
   *
   * @return absent if somebody committed meanwhile
   */
  Optional<MetadataDelta> since(long earlier) {
    Changed changed = changed(earlier);
    if (changed.revision() == earlier) {
      return Optional.of(new MetadataDelta(earlier, List.of()));
    }
    List<MetadataChange> changes = new ArrayList<>();
    changed.kinds().forEach(kind -> changes.addAll(kind.changes(handle, earlier)));
    return revision() == changed.revision()
        ? Optional.of(new MetadataDelta(changed.revision(), changes))
        : Optional.empty();
  }

  /** Returns what has changed since. To be called within one consistent transaction. */
  MetadataDelta allSince(long earlier) {
    List<MetadataChange> changes = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      changes.addAll(kind.changes(handle, earlier));
    }
    return new MetadataDelta(revision(), changes);
  }

  /** The newest revision, and which tables have changed. */
  private record Changed(long revision, Set<Kind> kinds) {}

  private Changed changed(long earlier) {
    String newest =
        Arrays.stream(Kind.values())
            .map(kind -> "(SELECT MAX(revision) FROM " + kind.table + ") AS " + kind.table)
            .collect(Collectors.joining(", "));
    return handle
        .select("SELECT value, " + newest + " FROM revision WHERE id = 1")
        .map(
            (row, context) -> {
              Set<Kind> kinds = EnumSet.noneOf(Kind.class);
              for (Kind kind : Kind.values()) {
                if (row.getLong(kind.table) > earlier) {
                  kinds.add(kind);
                }
              }
              return new Changed(row.getLong("value"), kinds);
            })
        .one();
  }

  /** Reads what was put into one table since a revision. */
  @FunctionalInterface
  private interface Changes {
    List<MetadataChange> since(Handle handle, String table, long earlier);
  }

  /**
   * The tables, in the order in which their changes are to be applied. Removals come first: what is
   * in the other tables now was put there after them.
   */
  private enum Kind {
    REMOVAL("removal", TableReader::removal),
    ISSUER("issuer", (row, context) -> new MetadataChange.PutIssuer(Rows.issuer(row, context))),
    TENANCY("tenancy", (row, context) -> new MetadataChange.PutTenancy(Rows.tenancy(row, context))),
    VAULT("vault", (row, context) -> new MetadataChange.PutVault(Rows.vault(row, context))),
    KEY("external_key", (row, context) -> new MetadataChange.PutKey(Rows.key(row, context))),
    KEY_VERSION(
        "key_version",
        (row, context) -> new MetadataChange.PutKeyVersion(Rows.keyVersion(row, context))),
    ADMINISTRATOR(
        "administrator",
        (handle, name, earlier) ->
            AdministratorTables.administrators(handle, earlier).stream()
                .<MetadataChange>map(MetadataChange.PutAdministrator::new)
                .toList()),
    SPENT_APPROVAL(
        "spent_approval",
        (handle, name, earlier) ->
            AdministratorTables.spentApprovals(handle, earlier).stream()
                .<MetadataChange>map(MetadataChange.PutSpentApproval::new)
                .toList());

    private final String table;

    @SuppressWarnings("ImmutableEnumChecker") // stateless functions
    private final Changes changes;

    Kind(String table, Changes changes) {
      this.table = table;
      this.changes = changes;
    }

    /** The names of tables come from here only, never from input. */
    Kind(String table, RowMapper<MetadataChange> mapper) {
      this(
          table,
          (handle, name, earlier) ->
              handle
                  .select(
                      "SELECT * FROM " + name + " WHERE revision > ? ORDER BY revision", earlier)
                  .map(mapper)
                  .list());
    }

    List<MetadataChange> changes(Handle handle, long earlier) {
      return changes.since(handle, table, earlier);
    }
  }

  private static MetadataChange removal(ResultSet row, StatementContext context)
      throws SQLException {
    return removal(row.getString("kind"), row.getString("id"));
  }

  private static MetadataChange removal(String kind, String id) {
    return switch (kind) {
      case "issuer" -> new MetadataChange.RemoveIssuer(new IssuerId(UUID.fromString(id)));
      case "tenancy" -> new MetadataChange.RemoveTenancy(new TenancyId(UUID.fromString(id)));
      case "vault" -> new MetadataChange.RemoveVault(new VaultId(UUID.fromString(id)));
      case "external_key" -> new MetadataChange.RemoveKey(new KeyId(UUID.fromString(id)));
      case "key_version" ->
          new MetadataChange.RemoveKeyVersion(new KeyVersionId(UUID.fromString(id)));
      case "administrator" -> new MetadataChange.RemoveAdministrator(AdministratorId.parse(id));
      case "spent_approval" -> new MetadataChange.RemoveSpentApproval(id);
      default -> throw new IllegalStateException("a row of kind " + kind + " was removed");
    };
  }
}
