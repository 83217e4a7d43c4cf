// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openekm.spi.store.VaultRecord;

/**
 * A vault to be made.
 *
 * @param name the operator's name for it
 * @param tenancy the tenancy's name or id
 * @param access who may call it
 * @param endpoint where OCI reaches it
 * @param backend the name of the backend instance that makes its keys
 * @param policy the policy's text; absent to allow everything to whoever passes the token check
 * @param auditSuccess false to leave successful calls out of the audit
 * @param options what else it shall have
 */
public record NewVault(
    String name,
    String tenancy,
    Access access,
    VaultRecord.Endpoint endpoint,
    String backend,
    Optional<String> policy,
    boolean auditSuccess,
    Options options) {

  /**
   * What a vault may have from the start.
   *
   * @param labels the operator's own names and values, at most 32
   * @param backendLocked true if its keys shall live in this backend only, for good
   */
  public record Options(Map<String, String> labels, boolean backendLocked) {

    private static final Options NONE = new Options(Map.of(), false);

    /** Copies the labels. */
    public Options {
      labels = Map.copyOf(labels);
    }

    /** Returns the options of a vault that has none. */
    public static Options none() {
      return NONE;
    }
  }

  /**
   * Who may call the vault.
   *
   * @param issuer the issuer's name or id
   * @param clientId the OAuth client that OCI uses
   * @param audiences the accepted audiences; empty for the origin of the vault's URL
   * @param scopes the accepted scopes; empty for {@code oci_ekms}
   */
  public record Access(String issuer, String clientId, Set<String> audiences, Set<String> scopes) {

    /** Copies the sets. */
    public Access {
      audiences = Set.copyOf(audiences);
      scopes = Set.copyOf(scopes);
    }
  }
}
