// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.oci;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What the server knows of the Oracle Cloud half of a vault. No secrets in it.
 *
 * @param vaultName the operator's name for the vault
 * @param vaultUrl the external vault URL
 * @param tenancyOcid the tenancy that the vault is for
 * @param access the applications of the identity domain
 * @param keys the keys that OCI shall have references to
 * @param caBundle the certificates by which OCI knows the key manager, as PEM
 */
public record OciSetup(
    String vaultName,
    URI vaultUrl,
    String tenancyOcid,
    Access access,
    List<Key> keys,
    String caBundle) {

  /** Copies the list. */
  public OciSetup {
    keys = List.copyOf(keys);
  }

  /**
   * The applications of the identity domain.
   *
   * @param audiences the audiences that the vault accepts
   * @param scopes the scopes that the vault accepts
   * @param clientAppId the client id of the client application
   * @param resourceAppId the client id of the resource application, if signing keys are protected
   * @param domainUrl the identity domain, if the issuer has a discovery URL
   */
  public record Access(
      List<String> audiences,
      List<String> scopes,
      String clientAppId,
      Optional<String> resourceAppId,
      Optional<URI> domainUrl) {

    /** Copies the lists. */
    public Access {
      audiences = List.copyOf(audiences);
      scopes = List.copyOf(scopes);
    }
  }

  /**
   * A key.
   *
   * @param name the operator's name for it
   * @param externalKeyId what OCI calls it by
   * @param lengthBytes the length of its AES keys
   */
  public record Key(String name, String externalKeyId, int lengthBytes) {}
}
