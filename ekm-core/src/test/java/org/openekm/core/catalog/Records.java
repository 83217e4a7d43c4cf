// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/** Records with small numbers for ids: vault 1, key 1, version 1 and so on. */
final class Records {

  static final Instant TIME = Instant.parse("2026-05-12T12:00:00Z");
  static final String ALLOW = "{\"rules\": [{\"name\": \"ok\", \"effect\": \"allow\"}]}";
  static final String DENY = "{\"rules\": [{\"name\": \"no\", \"effect\": \"deny\"}]}";

  private Records() {}

  static VaultId vaultId(int n) {
    return new VaultId(new UUID(1, n));
  }

  static KeyId keyId(int n) {
    return new KeyId(new UUID(2, n));
  }

  static KeyVersionId versionId(int n) {
    return new KeyVersionId(new UUID(3, n));
  }

  static IssuerId issuerId(int n) {
    return new IssuerId(new UUID(4, n));
  }

  static TenancyId tenancyId(int n) {
    return new TenancyId(new UUID(5, n));
  }

  static IssuerRecord issuer(int n) {
    return new IssuerRecord(
        issuerId(n),
        "issuer-" + n,
        List.of(URI.create("https://idcs.example/" + n)),
        List.of(),
        Set.of(),
        Optional.empty(),
        TIME);
  }

  static VaultRecord vault(int n) {
    return new VaultRecord(
        vaultId(n),
        "vault-" + n,
        tenancyId(1),
        new VaultRecord.Access(
            issuerId(1), "client", Set.of("https://ekm.example"), Set.of("oci_ekms")),
        new VaultRecord.Endpoint("ekm.example", 443, "/ekm/v1"),
        "software",
        Optional.of(ALLOW),
        false,
        true,
        TIME,
        VaultRecord.Attributes.none());
  }

  static KeyRecord key(int n, int vault) {
    return new KeyRecord(
        keyId(n),
        vaultId(vault),
        "key-" + n,
        32,
        KeyState.ACTIVE,
        false,
        versionId(n),
        Optional.empty(),
        Optional.empty(),
        TIME,
        KeyRecord.Attributes.none());
  }

  static KeyVersionRecord version(int n, int key, int number) {
    return new KeyVersionRecord(
        versionId(n),
        keyId(key),
        number,
        "software",
        new BackendKeyRef("ref-" + n),
        KeyState.ACTIVE,
        TIME);
  }

  /** Returns issuer 1, tenancy 1, vault 1 and key 1 with version 1. */
  static List<MetadataChange> basics() {
    return List.of(
        new MetadataChange.PutIssuer(issuer(1)),
        new MetadataChange.PutTenancy(
            new TenancyRecord(tenancyId(1), "tenancy-1", "ocid1.tenancy.oc1..a", TIME)),
        new MetadataChange.PutVault(vault(1)),
        new MetadataChange.PutKey(key(1, 1)),
        new MetadataChange.PutKeyVersion(version(1, 1, 1)));
  }
}
