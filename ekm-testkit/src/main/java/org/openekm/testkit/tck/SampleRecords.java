// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.openekm.api.Bytes;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.spi.SecretReference;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.store.AdministratorId;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.AdministratorRecord.Credential;
import org.openekm.spi.store.AdministratorRecord.Grant;
import org.openekm.spi.store.AdministratorRecord.Permission;
import org.openekm.spi.store.AdministratorRecord.Proof;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.IssuerRecord.JwksClient;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataChange.PutAdministrator;
import org.openekm.spi.store.MetadataChange.PutIssuer;
import org.openekm.spi.store.MetadataChange.PutKey;
import org.openekm.spi.store.MetadataChange.PutKeyVersion;
import org.openekm.spi.store.MetadataChange.PutSpentApproval;
import org.openekm.spi.store.MetadataChange.PutTenancy;
import org.openekm.spi.store.MetadataChange.PutVault;
import org.openekm.spi.store.SpentApproval;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/**
 * A family of records that belong together: an issuer, a tenancy, a vault, a key and its first
 * version, an administrator of the vault and a used approval. The instants have whole milliseconds,
 * the least that a store must keep.
 */
record SampleRecords(
    IssuerRecord issuer,
    TenancyRecord tenancy,
    VaultRecord vault,
    KeyRecord key,
    KeyVersionRecord version,
    AdministratorRecord administrator,
    SpentApproval spentApproval) {

  private static final Instant TIME = Instant.parse("2026-03-29T01:59:59.987Z");
  private static final Map<String, String> LABELS =
      Map.of("team", "Zürich \"A\"", "empty", "", "a.b/c-d_e", "{\"x\": 'y'}");

  /** Returns new records with every optional part present. */
  static SampleRecords full() {
    String unique = UUID.randomUUID().toString();
    IssuerRecord issuer =
        new IssuerRecord(
            new IssuerId(UUID.randomUUID()),
            "issuer " + unique,
            List.of(
                URI.create("https://b.example/.well-known/x"), URI.create("https://a.example/")),
            List.of(
                URI.create("https://b.example/jwk"), URI.create("https://a.example/jwk?x=1&y=%20")),
            Set.of("https://identity.oraclecloud.com/", "https://idcs-1.example:443"),
            Optional.of(
                new JwksClient(
                    "client'id\"1",
                    new SecretReference("file", "/etc/ekm/secret 1"),
                    Optional.of(URI.create("https://t.example/")))),
            TIME);
    return family(issuer, unique, Optional.of("{\"rules\": [\"ä ∑ 🔑\", \"two\\nlines\"]}\n"));
  }

  /** Returns new records with every optional part absent and every collection empty. */
  static SampleRecords minimal() {
    String unique = UUID.randomUUID().toString();
    IssuerRecord issuer =
        new IssuerRecord(
            new IssuerId(UUID.randomUUID()),
            "issuer " + unique,
            List.of(),
            List.of(),
            Set.of(),
            Optional.empty(),
            TIME);
    return family(issuer, unique, Optional.empty());
  }

  private static SampleRecords family(IssuerRecord issuer, String unique, Optional<String> policy) {
    boolean full = policy.isPresent();
    TenancyRecord tenancy =
        new TenancyRecord(
            new TenancyId(UUID.randomUUID()),
            "tenancy " + unique,
            "ocid1.tenancy.oc1..aaaa" + unique,
            TIME);
    VaultRecord vault = vault(tenancy.id(), issuer.id(), unique, policy);
    KeyId keyId = new KeyId(UUID.randomUUID());
    KeyVersionRecord version =
        new KeyVersionRecord(
            new KeyVersionId(UUID.randomUUID()),
            keyId,
            1,
            "hsm-1",
            new BackendKeyRef(full ? "!~'\"\\%_; " + "r".repeat(500) : "7"),
            full ? KeyState.DISABLED : KeyState.ACTIVE,
            TIME.plusMillis(3));
    KeyRecord key =
        new KeyRecord(
            keyId,
            vault.id(),
            "key " + unique,
            full ? 32 : 16,
            full ? KeyState.PENDING_DELETION : KeyState.ACTIVE,
            full,
            version.id(),
            policy,
            full ? Optional.of(TIME.plusSeconds(86_400 * 30)) : Optional.empty(),
            TIME.plusMillis(2),
            full
                ? new KeyRecord.Attributes(
                    LABELS, Optional.of(TIME.plusMillis(8)), Optional.of(Duration.ofDays(90)))
                : KeyRecord.Attributes.none());
    return new SampleRecords(
        issuer,
        tenancy,
        vault,
        key,
        version,
        administrator(vault.id(), full),
        new SpentApproval(unique.replace("-", ""), TIME.plusMillis(5)));
  }

  private static VaultRecord vault(
      TenancyId tenancy, IssuerId issuer, String unique, Optional<String> policy) {
    boolean full = policy.isPresent();
    return new VaultRecord(
        new VaultId(UUID.randomUUID()),
        "Tresor für 'Müller' " + unique,
        tenancy,
        new VaultRecord.Access(
            issuer,
            "client-1",
            full ? Set.of("https://10.0.0.5:443/", "urn:a b") : Set.of(),
            full ? Set.of("oci_ekms", "other") : Set.of()),
        new VaultRecord.Endpoint(
            full ? "2001:db8::5" : "ekm.example", full ? 65_535 : 443, full ? "/ekm/v1" : ""),
        "hsm-1",
        policy,
        full,
        !full,
        TIME.plusMillis(1),
        full
            ? new VaultRecord.Attributes(
                LABELS,
                Optional.of(TIME.plusMillis(7)),
                true,
                Optional.of(
                    new VaultRecord.DeadManSwitch(Duration.ofHours(36), TIME.plusMillis(8))))
            : VaultRecord.Attributes.none());
  }

  private static AdministratorRecord administrator(VaultId vault, boolean full) {
    AdministratorRecord bare =
        new AdministratorRecord(
            new AdministratorId(UUID.randomUUID()),
            "ops " + vault,
            List.of(),
            Set.of(),
            TIME.plusMillis(4));
    return full
        ? bare.withGrants(
                Set.of(
                    new Grant(Permission.VIEW, Optional.empty()),
                    new Grant(Permission.BLOCK_ONLY, Optional.of(vault))))
            .withCredentials(List.of(credential(Optional.of(TIME)), credential(Optional.empty())))
        : bare;
  }

  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as in the record, private
  private static Credential credential(Optional<Instant> end) {
    return new Credential(
        UUID.randomUUID(),
        Proof.BEARER,
        Bytes.ofHex("00ff".repeat(8)),
        Bytes.ofHex("0180".repeat(16)),
        TIME,
        end);
  }

  /** Returns the changes that put all of them, parents first. */
  MetadataChange[] puts() {
    return new MetadataChange[] {
      new PutIssuer(issuer),
      new PutTenancy(tenancy),
      new PutVault(vault),
      new PutKey(key),
      new PutKeyVersion(version),
      new PutAdministrator(administrator),
      new PutSpentApproval(spentApproval)
    };
  }

  /** Returns the next version of the key. */
  KeyVersionRecord nextVersion() {
    return new KeyVersionRecord(
        new KeyVersionId(UUID.randomUUID()),
        key.id(),
        version.number() + 1,
        version.backend(),
        new BackendKeyRef("next"),
        KeyState.ACTIVE,
        TIME.plusMillis(4));
  }

  /** Returns a tenancy record of the same id with another name. */
  TenancyRecord tenancyNamed(String name) {
    return new TenancyRecord(tenancy.id(), name, tenancy.ocid(), tenancy.createdAt());
  }
}
