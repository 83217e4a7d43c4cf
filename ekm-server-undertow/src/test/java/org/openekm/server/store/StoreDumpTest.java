// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.Bytes;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.spi.SecretReference;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.store.AdministratorId;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.SpentApproval;
import org.openekm.spi.store.StoreException;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/** From SQLite to PostgreSQL and back: nothing is lost, and damage is noticed. */
@Timeout(120)
class StoreDumpTest {

  private static final Instant TIME = Instant.parse("2026-03-29T01:59:59.987654Z");

  @TempDir Path folder;

  @Test
  void exportImport_sqliteToPostgresAndBack_keepsEverything() throws Exception {
    KeyVersionId version;
    String first;
    StoreDump.Summary origin;
    try (MetadataStore sqlite = sqlite("one")) {
      version = fill(sqlite, 3);
      sqlite.reserveUsage(version, 65_536);
      StringWriter out = new StringWriter();
      origin = StoreDump.write(sqlite, out);
      first = out.toString();
    }
    try (MetadataStore postgres =
            PostgresMetadataStoreProvider.open(Databases.source(Databases.fresh()), 4);
        MetadataStore back = sqlite("two")) {
      assertThat(imported(first, postgres).digest()).isEqualTo(origin.digest());
      StringWriter second = new StringWriter();
      StoreDump.write(postgres, second);
      StoreDump.Summary end = imported(second.toString(), back);

      assertThat(end.digest()).isEqualTo(origin.digest());
      assertThat(end.records()).isEqualTo(21);
      assertThat(StoreDump.summary(back).digest()).isEqualTo(origin.digest());
      assertThat(back.reserveUsage(version, 1)).isGreaterThanOrEqualTo(65_536);
    }
  }

  @Test
  void digest_changesWithAnyRecord() throws Exception {
    try (MetadataStore store = sqlite("one")) {
      fill(store, 1);
      String before = StoreDump.summary(store).digest();
      KeyRecord key = store.load().keys().get(0);
      store.commit(
          store.revision(), List.of(new MetadataChange.PutKey(key.withBlocked(!key.blocked()))));

      assertThat(StoreDump.summary(store).digest()).isNotEqualTo(before);
    }
  }

  @Test
  void import_cutShortAtAnyLineOrChanged_isRefusedAndTheStoreStaysEmpty() throws Exception {
    StringWriter out = new StringWriter();
    try (MetadataStore store = sqlite("one")) {
      fill(store, 2);
      StoreDump.write(store, out);
    }
    List<String> lines = out.toString().lines().toList();
    try (MetadataStore target = sqlite("two")) {
      for (int i = 0; i < lines.size(); i++) {
        List<String> without = new ArrayList<>(lines);
        without.remove(i);
        List<String> cut = lines.subList(0, i);
        assertThatThrownBy(() -> imported(String.join("\n", without), target))
            .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> imported(String.join("\n", cut), target))
            .isInstanceOf(IOException.class);
      }
      String changed = out.toString().replace("\"blocked\":true", "\"blocked\":false");
      assertThat(changed).isNotEqualTo(out.toString());
      assertThatThrownBy(() -> imported(changed, target)).hasMessageContaining("changed");
      assertThat(target.revision()).isZero();
    }
  }

  @Test
  void import_storeIsNotEmpty_isRefused() throws Exception {
    StringWriter out = new StringWriter();
    try (MetadataStore store = sqlite("one")) {
      fill(store, 1);
      StoreDump.write(store, out);
      assertThatThrownBy(() -> imported(out.toString(), store))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("not empty");
    }
  }

  @Test
  void import_ofAnEmptyStore_isAnEmptyStore() throws Exception {
    StringWriter out = new StringWriter();
    try (MetadataStore store = sqlite("one");
        MetadataStore target = sqlite("two")) {
      StoreDump.write(store, out);
      assertThat(imported(out.toString(), target).records()).isZero();
    }
  }

  /** Whoever adds a kind of record must add it to the export as well. */
  @Test
  void everyListOfASnapshot_isExported() throws Exception {
    try (MetadataStore store = sqlite("one")) {
      fill(store, 1);
      int lists = MetadataSnapshot.class.getRecordComponents().length - 1;

      assertThat(StoreDump.summary(store).records()).isEqualTo(lists);
    }
  }

  private MetadataStore sqlite(String name) {
    return SqliteMetadataStoreProvider.open(folder.resolve(name + ".db"));
  }

  private static StoreDump.Summary imported(String text, MetadataStore store) throws IOException {
    return StoreDump.read(new BufferedReader(new StringReader(text)), store);
  }

  private static KeyVersionId fill(MetadataStore store, int families) {
    List<MetadataChange> changes = new ArrayList<>();
    KeyVersionId version = new KeyVersionId(UUID.randomUUID());
    for (int i = 0; i < families; i++) {
      version = new KeyVersionId(UUID.randomUUID());
      changes.addAll(family(i, version));
    }
    store.commit(0, changes);
    return version;
  }

  private static List<MetadataChange> family(int number, KeyVersionId version) {
    IssuerRecord issuer =
        new IssuerRecord(
            new IssuerId(UUID.randomUUID()),
            "domain-" + number,
            List.of(URI.create("https://idcs.example/.well-known/openid-configuration")),
            List.of(),
            Set.of("https://identity.example/", "b"),
            Optional.of(
                new IssuerRecord.JwksClient(
                    "client", SecretReference.parse("${file:secrets/app}"), Optional.empty())),
            TIME);
    TenancyRecord tenancy =
        new TenancyRecord(new TenancyId(UUID.randomUUID()), "acme-" + number, "ocid1.x", TIME);
    VaultRecord vault =
        new VaultRecord(
            new VaultId(UUID.randomUUID()),
            "Tresor „" + number + "“",
            tenancy.id(),
            new VaultRecord.Access(issuer.id(), "client", Set.of("b", "a"), Set.of("oci_ekms")),
            new VaultRecord.Endpoint("10.0.0.5", 443, "/ekm/v1"),
            "main",
            Optional.of("{\"rules\": []}\n"),
            false,
            true,
            TIME);
    KeyId keyId = new KeyId(UUID.randomUUID());
    KeyRecord key =
        new KeyRecord(
            keyId,
            vault.id(),
            "key",
            32,
            KeyState.PENDING_DELETION,
            true,
            version,
            Optional.empty(),
            Optional.of(TIME.plusSeconds(1)),
            TIME);
    KeyVersionRecord first =
        new KeyVersionRecord(
            version, keyId, 1, "main", new BackendKeyRef("r"), KeyState.ACTIVE, TIME);
    return List.of(
        new MetadataChange.PutIssuer(issuer),
        new MetadataChange.PutTenancy(tenancy),
        new MetadataChange.PutVault(vault),
        new MetadataChange.PutKey(key),
        new MetadataChange.PutKeyVersion(first),
        new MetadataChange.PutAdministrator(administrator(vault.id())),
        new MetadataChange.PutSpentApproval(
            new SpentApproval("%032x".formatted(number), TIME.plusSeconds(2))));
  }

  /** Several grants, as a set has another order in each process. */
  private static AdministratorRecord administrator(VaultId vault) {
    return new AdministratorRecord(
        new AdministratorId(UUID.randomUUID()),
        "ops of " + vault,
        List.of(
            new AdministratorRecord.Credential(
                UUID.randomUUID(),
                AdministratorRecord.Proof.BEARER,
                Bytes.ofHex("00ff".repeat(8)),
                Bytes.ofHex("0180".repeat(16)),
                TIME,
                Optional.of(TIME))),
        Set.of(
            new AdministratorRecord.Grant(AdministratorRecord.Permission.VIEW, Optional.empty()),
            new AdministratorRecord.Grant(
                AdministratorRecord.Permission.BLOCK, Optional.of(vault))),
        TIME);
  }

  /** A dump that another process has written has its sets in the same order. */
  @Test
  void dump_setsAreInTheirOrder() throws Exception {
    try (MetadataStore store = sqlite("one")) {
      fill(store, 1);
      StringWriter out = new StringWriter();
      StoreDump.write(store, out);
      assertThat(out.toString())
          .contains("\"audiences\":[\"a\",\"b\"]")
          .containsSubsequence("\"grants\":[", "BLOCK", "VIEW");
    }
  }
}
