// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.StatementContext;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.spi.SecretReference;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/** Rows of tables as records. */
final class Rows {

  private Rows() {}

  static IssuerRecord issuer(ResultSet row, StatementContext context) throws SQLException {
    return new IssuerRecord(
        IssuerId.parse(row.getString("id")),
        row.getString("name"),
        uris(row.getString("discovery_urls")),
        uris(row.getString("jwks_urls")),
        Set.copyOf(Columns.texts(row.getString("accepted_issuers"))),
        jwksClient(row),
        Timestamps.parse(row.getString("created_at")));
  }

  private static Optional<IssuerRecord.JwksClient> jwksClient(ResultSet row) throws SQLException {
    String clientId = row.getString("client_id");
    if (clientId == null) {
      return Optional.empty();
    }
    return Optional.of(
        new IssuerRecord.JwksClient(
            clientId,
            SecretReference.parse(row.getString("client_secret")),
            Optional.ofNullable(row.getString("token_url")).map(URI::create)));
  }

  static TenancyRecord tenancy(ResultSet row, StatementContext context) throws SQLException {
    return new TenancyRecord(
        TenancyId.parse(row.getString("id")),
        row.getString("name"),
        row.getString("ocid"),
        Timestamps.parse(row.getString("created_at")));
  }

  static VaultRecord vault(ResultSet row, StatementContext context) throws SQLException {
    return new VaultRecord(
        VaultId.parse(row.getString("id")),
        row.getString("name"),
        TenancyId.parse(row.getString("tenancy_id")),
        new VaultRecord.Access(
            IssuerId.parse(row.getString("issuer_id")),
            row.getString("client_id"),
            Set.copyOf(Columns.texts(row.getString("audiences"))),
            Set.copyOf(Columns.texts(row.getString("scopes")))),
        new VaultRecord.Endpoint(row.getString("host"), row.getInt("port"), row.getString("path")),
        row.getString("backend"),
        Optional.ofNullable(row.getString("policy")),
        row.getInt("blocked") != 0,
        row.getInt("audit_success") != 0,
        Timestamps.parse(row.getString("created_at")),
        new VaultRecord.Attributes(
            Columns.labels(row.getString("labels")),
            Optional.ofNullable(row.getString("linked_at")).map(Timestamps::parse),
            row.getInt("backend_locked") != 0,
            deadMan(row)));
  }

  private static Optional<VaultRecord.DeadManSwitch> deadMan(ResultSet row) throws SQLException {
    String period = row.getString("dead_man_period");
    return period == null
        ? Optional.empty()
        : Optional.of(
            new VaultRecord.DeadManSwitch(
                Duration.parse(period), Timestamps.parse(row.getString("last_heartbeat"))));
  }

  static KeyRecord key(ResultSet row, StatementContext context) throws SQLException {
    return new KeyRecord(
        KeyId.parse(row.getString("id")),
        VaultId.parse(row.getString("vault_id")),
        row.getString("name"),
        row.getInt("length_bytes"),
        KeyState.valueOf(row.getString("state")),
        row.getInt("blocked") != 0,
        KeyVersionId.parse(row.getString("current_version")),
        Optional.ofNullable(row.getString("policy")),
        Optional.ofNullable(row.getString("destroy_after")).map(Timestamps::parse),
        Timestamps.parse(row.getString("created_at")),
        new KeyRecord.Attributes(
            Columns.labels(row.getString("labels")),
            Optional.ofNullable(row.getString("linked_at")).map(Timestamps::parse),
            Optional.ofNullable(row.getString("rotation_period")).map(Duration::parse)));
  }

  static KeyVersionRecord keyVersion(ResultSet row, StatementContext context) throws SQLException {
    return new KeyVersionRecord(
        KeyVersionId.parse(row.getString("id")),
        KeyId.parse(row.getString("key_id")),
        row.getInt("number"),
        row.getString("backend"),
        new BackendKeyRef(row.getString("ref")),
        KeyState.valueOf(row.getString("state")),
        Timestamps.parse(row.getString("created_at")));
  }

  private static List<URI> uris(String column) {
    return Columns.texts(column).stream().map(URI::create).toList();
  }
}
