// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/** The statements that write one commit's changes into tables. */
final class TableWriter {

  private final Handle handle;
  private final long revision;

  /** Makes a writer for the commit that leads to the revision. */
  TableWriter(Handle handle, long revision) {
    this.handle = handle;
    this.revision = revision;
  }

  void apply(MetadataChange change) {
    if (change instanceof MetadataChange.PutIssuer put) {
      put(put.issuer());
    } else if (change instanceof MetadataChange.PutTenancy put) {
      put(put.tenancy());
    } else if (change instanceof MetadataChange.PutVault put) {
      put(put.vault());
    } else if (change instanceof MetadataChange.PutKey put) {
      put(put.key());
    } else if (change instanceof MetadataChange.PutKeyVersion put) {
      put(put.version());
    } else if (!AdministratorTables.apply(this, change)) {
      remove(change);
    }
  }

  private void remove(MetadataChange change) {
    if (change instanceof MetadataChange.RemoveIssuer remove) {
      delete("issuer", remove.issuer().toString());
    } else if (change instanceof MetadataChange.RemoveTenancy remove) {
      delete("tenancy", remove.tenancy().toString());
    } else if (change instanceof MetadataChange.RemoveVault remove) {
      delete("vault", remove.vault().toString());
    } else if (change instanceof MetadataChange.RemoveKey remove) {
      delete("external_key", remove.key().toString());
    } else if (change instanceof MetadataChange.RemoveKeyVersion remove) {
      delete("key_version", remove.version().toString());
    } else {
      throw new IllegalArgumentException("unknown change " + change.getClass().getSimpleName());
    }
  }

  private void put(IssuerRecord issuer) {
    upsert(
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

  private void put(TenancyRecord tenancy) {
    upsert("tenancy", "id", "name", "ocid", "created_at")
        .bind("id", tenancy.id().toString())
        .bind("name", tenancy.name())
        .bind("ocid", tenancy.ocid())
        .bind("created_at", tenancy.createdAt().toString())
        .execute();
  }

  private void put(VaultRecord vault) {
    upsert(
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
            "created_at",
            "labels",
            "linked_at",
            "backend_locked",
            "dead_man_period",
            "last_heartbeat")
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
        .bind("labels", Columns.object(vault.attributes().labels()))
        .bind("linked_at", vault.attributes().linkedAt().map(Object::toString).orElse(null))
        .bind("backend_locked", Columns.flag(vault.attributes().backendLocked()))
        .bind(
            "dead_man_period",
            vault.attributes().deadMan().map(each -> each.period().toString()).orElse(null))
        .bind(
            "last_heartbeat",
            vault.attributes().deadMan().map(each -> each.lastHeartbeat().toString()).orElse(null))
        .execute();
  }

  private void put(KeyRecord key) {
    upsert(
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
            "created_at",
            "labels",
            "linked_at",
            "rotation_period")
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
        .bind("labels", Columns.object(key.attributes().labels()))
        .bind("linked_at", key.attributes().linkedAt().map(Object::toString).orElse(null))
        .bind(
            "rotation_period", key.attributes().rotationPeriod().map(Object::toString).orElse(null))
        .execute();
  }

  private void put(KeyVersionRecord version) {
    upsert("key_version", "id", "key_id", "number", "backend", "ref", "state", "created_at")
        .bind("id", version.id().toString())
        .bind("key_id", version.key().toString())
        .bind("number", version.number())
        .bind("backend", version.backend())
        .bind("ref", version.ref().value())
        .bind("state", version.state().name())
        .bind("created_at", version.createdAt().toString())
        .execute();
  }

  Handle handle() {
    return handle;
  }

  void delete(String table, String id) {
    delete(table, "id", id);
  }

  /** Table and column names come from this package only, never from input. */
  void delete(String table, String column, String id) {
    handle.execute("DELETE FROM " + table + " WHERE " + column + " = ?", id);
    handle.execute(
        "INSERT INTO removal (kind, id, revision) VALUES (?, ?, ?)"
            + " ON CONFLICT (kind, id) DO UPDATE SET revision = excluded.revision",
        table,
        id,
        revision);
  }

  Update upsert(String table, String... columns) {
    return handle.createUpdate(Columns.upsertStatement(table, columns)).bind("revision", revision);
  }
}
