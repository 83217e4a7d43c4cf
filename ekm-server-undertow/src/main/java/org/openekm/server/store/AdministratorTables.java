// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.openekm.api.Bytes;
import org.openekm.api.VaultId;
import org.openekm.spi.store.AdministratorId;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.AdministratorRecord.Credential;
import org.openekm.spi.store.AdministratorRecord.Grant;
import org.openekm.spi.store.AdministratorRecord.Permission;
import org.openekm.spi.store.AdministratorRecord.Proof;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.SpentApproval;

/** The statements about administrators and what they have approved. */
final class AdministratorTables {

  private static final String EVERY_VAULT = "";

  private AdministratorTables() {}

  static List<AdministratorRecord> administrators(Handle handle, long after) {
    Map<String, List<Credential>> credentials = new HashMap<>();
    handle
        .select("SELECT * FROM administrator_credential ORDER BY administrator_id, position")
        .map((row, context) -> Map.entry(row.getString("administrator_id"), credential(row)))
        .forEach(
            each ->
                credentials
                    .computeIfAbsent(each.getKey(), id -> new ArrayList<>())
                    .add(each.getValue()));
    Map<String, Set<Grant>> grants = new HashMap<>();
    handle
        .select("SELECT * FROM administrator_grant")
        .map((row, context) -> Map.entry(row.getString("administrator_id"), grant(row)))
        .forEach(
            each ->
                grants.computeIfAbsent(each.getKey(), id -> new HashSet<>()).add(each.getValue()));
    return handle
        .select("SELECT * FROM administrator WHERE revision > ? ORDER BY created_at, id", after)
        .map(
            (row, context) ->
                new AdministratorRecord(
                    AdministratorId.parse(row.getString("id")),
                    row.getString("name"),
                    credentials.getOrDefault(row.getString("id"), List.of()),
                    grants.getOrDefault(row.getString("id"), Set.of()),
                    Timestamps.parse(row.getString("created_at"))))
        .list();
  }

  static List<SpentApproval> spentApprovals(Handle handle, long after) {
    return handle
        .select("SELECT * FROM spent_approval WHERE revision > ? ORDER BY expires_at, nonce", after)
        .map(
            (row, context) ->
                new SpentApproval(
                    row.getString("nonce"), Timestamps.parse(row.getString("expires_at"))))
        .list();
  }

  /** Applies a change; returns false if it is about something else. */
  static boolean apply(TableWriter writer, MetadataChange change) {
    if (change instanceof MetadataChange.PutAdministrator put) {
      put(writer, put.administrator());
    } else if (change instanceof MetadataChange.RemoveAdministrator gone) {
      remove(writer, gone.administrator());
    } else if (change instanceof MetadataChange.PutSpentApproval put) {
      writer
          .upsert("spent_approval", "nonce", "expires_at")
          .bind("nonce", put.approval().nonce())
          .bind("expires_at", put.approval().expiresAt().toString())
          .execute();
    } else if (change instanceof MetadataChange.RemoveSpentApproval gone) {
      writer.delete("spent_approval", "nonce", gone.nonce());
    } else {
      return false;
    }
    return true;
  }

  private static void put(TableWriter writer, AdministratorRecord administrator) {
    String id = administrator.id().toString();
    Handle handle = writer.handle();
    removeParts(handle, id);
    writer
        .upsert("administrator", "id", "name", "created_at")
        .bind("id", id)
        .bind("name", administrator.name())
        .bind("created_at", administrator.createdAt().toString())
        .execute();
    for (int i = 0; i < administrator.credentials().size(); i++) {
      put(handle, id, i, administrator.credentials().get(i));
    }
    for (Grant grant : administrator.grants()) {
      handle.execute(
          "INSERT INTO administrator_grant (administrator_id, permission, vault_id) VALUES (?, ?, ?)",
          id,
          grant.permission().name(),
          grant.vault().map(VaultId::toString).orElse(EVERY_VAULT));
    }
  }

  private static void remove(TableWriter writer, AdministratorId administrator) {
    removeParts(writer.handle(), administrator.toString());
    writer.delete("administrator", administrator.toString());
  }

  private static void removeParts(Handle handle, String id) {
    handle.execute("DELETE FROM administrator_credential WHERE administrator_id = ?", id);
    handle.execute("DELETE FROM administrator_grant WHERE administrator_id = ?", id);
  }

  private static void put(Handle handle, String owner, int position, Credential credential) {
    handle
        .createUpdate(
            "INSERT INTO administrator_credential"
                + " (id, administrator_id, position, proof, salt, hash, created_at, valid_until)"
                + " VALUES"
                + " (:id, :administrator_id, :position, :proof, :salt, :hash, :created_at, :valid_until)")
        .bind("id", credential.id().toString())
        .bind("administrator_id", owner)
        .bind("position", position)
        .bind("proof", credential.proof().name())
        .bind("salt", credential.salt().toHex())
        .bind("hash", credential.hash().toHex())
        .bind("created_at", credential.createdAt().toString())
        .bind("valid_until", credential.validUntil().map(Object::toString).orElse(null))
        .execute();
  }

  private static Credential credential(ResultSet row) throws SQLException {
    return new Credential(
        UUID.fromString(row.getString("id")),
        Proof.valueOf(row.getString("proof")),
        Bytes.ofHex(row.getString("salt")),
        Bytes.ofHex(row.getString("hash")),
        Timestamps.parse(row.getString("created_at")),
        Optional.ofNullable(row.getString("valid_until")).map(Timestamps::parse));
  }

  private static Grant grant(ResultSet row) throws SQLException {
    String vault = row.getString("vault_id");
    return new Grant(
        Permission.valueOf(row.getString("permission")),
        vault.equals(EVERY_VAULT) ? Optional.empty() : Optional.of(VaultId.parse(vault)));
  }
}
