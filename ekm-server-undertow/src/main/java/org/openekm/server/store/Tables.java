// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/** The statements that write records into tables and read them back. */
final class Tables {

  private Tables() {}

  static MetadataSnapshot read(Handle handle, long revision) {
    return new MetadataSnapshot(
        revision,
        handle.select("SELECT * FROM issuer ORDER BY created_at, id").map(Rows::issuer).list(),
        handle.select("SELECT * FROM tenancy ORDER BY created_at, id").map(Rows::tenancy).list(),
        handle.select("SELECT * FROM vault ORDER BY created_at, id").map(Rows::vault).list(),
        handle.select("SELECT * FROM external_key ORDER BY created_at, id").map(Rows::key).list(),
        handle
            .select("SELECT * FROM key_version ORDER BY key_id, number")
            .map(Rows::keyVersion)
            .list(),
        AdministratorTables.read(handle),
        AdministratorTables.spentApprovals(handle));
  }

  static void apply(Handle handle, MetadataChange change) {
    if (change instanceof MetadataChange.PutIssuer put) {
      put(handle, put.issuer());
    } else if (change instanceof MetadataChange.PutTenancy put) {
      put(handle, put.tenancy());
    } else if (change instanceof MetadataChange.PutVault put) {
      put(handle, put.vault());
    } else if (change instanceof MetadataChange.PutKey put) {
      put(handle, put.key());
    } else if (change instanceof MetadataChange.PutKeyVersion put) {
      put(handle, put.version());
    } else if (!AdministratorTables.apply(handle, change)) {
      remove(handle, change);
    }
  }

  private static void remove(Handle handle, MetadataChange change) {
    if (change instanceof MetadataChange.RemoveIssuer remove) {
      handle.execute("DELETE FROM issuer WHERE id = ?", remove.issuer().toString());
    } else if (change instanceof MetadataChange.RemoveTenancy remove) {
      handle.execute("DELETE FROM tenancy WHERE id = ?", remove.tenancy().toString());
    } else if (change instanceof MetadataChange.RemoveVault remove) {
      handle.execute("DELETE FROM vault WHERE id = ?", remove.vault().toString());
    } else if (change instanceof MetadataChange.RemoveKey remove) {
      handle.execute("DELETE FROM external_key WHERE id = ?", remove.key().toString());
    } else if (change instanceof MetadataChange.RemoveKeyVersion remove) {
      handle.execute("DELETE FROM key_version WHERE id = ?", remove.version().toString());
    } else {
      throw new IllegalArgumentException("unknown change " + change.getClass().getSimpleName());
    }
  }

  private static void put(Handle handle, IssuerRecord issuer) {
    upsert(
            handle,
            "issuer",
            "id",
            "name",
            "discovery_urls",
            "jwks_urls",
            "accepted_issuers",
            "client_id",
            "client_secret",
            "token_url",
            "created_at")
        .bind("id", issuer.id().toString())
        .bind("name", issuer.name())
        .bind("discovery_urls", Columns.orderedList(issuer.discoveryUrls()))
        .bind("jwks_urls", Columns.orderedList(issuer.jwksUrls()))
        .bind("accepted_issuers", Columns.list(issuer.acceptedIssuers()))
        .bind("client_id", issuer.jwksClient().map(IssuerRecord.JwksClient::clientId).orElse(null))
        .bind(
            "client_secret",
            issuer.jwksClient().map(client -> client.clientSecret().toString()).orElse(null))
        .bind(
            "token_url",
            issuer
                .jwksClient()
                .flatMap(IssuerRecord.JwksClient::tokenUrl)
                .map(Object::toString)
                .orElse(null))
        .bind("created_at", issuer.createdAt().toString())
        .execute();
  }

  private static void put(Handle handle, TenancyRecord tenancy) {
    upsert(handle, "tenancy", "id", "name", "ocid", "created_at")
        .bind("id", tenancy.id().toString())
        .bind("name", tenancy.name())
        .bind("ocid", tenancy.ocid())
        .bind("created_at", tenancy.createdAt().toString())
        .execute();
  }

  private static void put(Handle handle, VaultRecord vault) {
    upsert(
            handle,
            "vault",
            "id",
            "name",
            "tenancy_id",
            "issuer_id",
            "client_id",
            "audiences",
            "scopes",
            "host",
            "port",
            "path",
            "backend",
            "policy",
            "blocked",
            "audit_success",
            "created_at")
        .bind("id", vault.id().toString())
        .bind("name", vault.name())
        .bind("tenancy_id", vault.tenancy().toString())
        .bind("issuer_id", vault.access().issuer().toString())
        .bind("client_id", vault.access().clientId())
        .bind("audiences", Columns.list(vault.access().audiences()))
        .bind("scopes", Columns.list(vault.access().scopes()))
        .bind("host", vault.endpoint().host())
        .bind("port", vault.endpoint().port())
        .bind("path", vault.endpoint().path())
        .bind("backend", vault.backend())
        .bind("policy", vault.policy().orElse(null))
        .bind("blocked", Columns.flag(vault.blocked()))
        .bind("audit_success", Columns.flag(vault.auditSuccess()))
        .bind("created_at", vault.createdAt().toString())
        .execute();
  }

  private static void put(Handle handle, KeyRecord key) {
    upsert(
            handle,
            "external_key",
            "id",
            "vault_id",
            "name",
            "length_bytes",
            "state",
            "blocked",
            "current_version",
            "policy",
            "destroy_after",
            "created_at")
        .bind("id", key.id().toString())
        .bind("vault_id", key.vault().toString())
        .bind("name", key.name())
        .bind("length_bytes", key.lengthBytes())
        .bind("state", key.state().name())
        .bind("blocked", Columns.flag(key.blocked()))
        .bind("current_version", key.currentVersion().toString())
        .bind("policy", key.policy().orElse(null))
        .bind("destroy_after", key.destroyAfter().map(Object::toString).orElse(null))
        .bind("created_at", key.createdAt().toString())
        .execute();
  }

  private static void put(Handle handle, KeyVersionRecord version) {
    upsert(handle, "key_version", "id", "key_id", "number", "backend", "ref", "state", "created_at")
        .bind("id", version.id().toString())
        .bind("key_id", version.key().toString())
        .bind("number", version.number())
        .bind("backend", version.backend())
        .bind("ref", version.ref().value())
        .bind("state", version.state().name())
        .bind("created_at", version.createdAt().toString())
        .execute();
  }

  private static Update upsert(Handle handle, String table, String... columns) {
    return handle.createUpdate(Columns.upsertStatement(table, columns));
  }
}
