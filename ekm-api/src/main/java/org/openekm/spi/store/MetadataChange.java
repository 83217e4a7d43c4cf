// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;

/** One change of the metadata. A put replaces the record of the same id, or adds it. */
public sealed interface MetadataChange {

  /** Adds or replaces an issuer. */
  record PutIssuer(IssuerRecord issuer) implements MetadataChange {}

  /** Adds or replaces a tenancy. */
  record PutTenancy(TenancyRecord tenancy) implements MetadataChange {}

  /** Adds or replaces a vault. */
  record PutVault(VaultRecord vault) implements MetadataChange {}

  /** Adds or replaces a key. */
  record PutKey(KeyRecord key) implements MetadataChange {}

  /** Adds or replaces a key version. */
  record PutKeyVersion(KeyVersionRecord version) implements MetadataChange {}

  /** Adds or replaces an administrator with all credentials and grants. */
  record PutAdministrator(AdministratorRecord administrator) implements MetadataChange {}

  /** Adds or replaces an approval that has been used. */
  record PutSpentApproval(SpentApproval approval) implements MetadataChange {}

  /** Removes an issuer; no effect if it is not there. */
  record RemoveIssuer(IssuerId issuer) implements MetadataChange {}

  /** Removes a tenancy; no effect if it is not there. */
  record RemoveTenancy(TenancyId tenancy) implements MetadataChange {}

  /** Removes a vault; no effect if it is not there. */
  record RemoveVault(VaultId vault) implements MetadataChange {}

  /** Removes a key; no effect if it is not there. */
  record RemoveKey(KeyId key) implements MetadataChange {}

  /** Removes a key version; no effect if it is not there. */
  record RemoveKeyVersion(KeyVersionId version) implements MetadataChange {}

  /** Removes an administrator; no effect if they are not there. */
  record RemoveAdministrator(AdministratorId administrator) implements MetadataChange {}

  /** Forgets an approval that has been used; no effect if it is not there. */
  record RemoveSpentApproval(String nonce) implements MetadataChange {}
}
