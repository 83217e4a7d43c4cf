// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.doctor;

import java.util.List;
import java.util.Optional;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.VaultRecord;

/**
 * What an operator has set up, as far as a diagnosis needs it.
 *
 * @param issuers the identity domains
 * @param vaults the vaults
 */
public record Setup(List<IssuerRecord> issuers, List<Vault> vaults) {

  /** Copies the lists. */
  public Setup {
    issuers = List.copyOf(issuers);
    vaults = List.copyOf(vaults);
  }

  /**
   * A vault.
   *
   * @param name the operator's name for it
   * @param url the external vault URL
   * @param access who may call it
   */
  public record Vault(String name, String url, VaultRecord.Access access) {}

  /** Returns what stands in a store. */
  static Setup of(MetadataSnapshot snapshot) {
    return new Setup(
        snapshot.issuers(),
        snapshot.vaults().stream()
            .map(
                vault ->
                    new Vault(vault.name(), vault.endpoint().vaultUrl(vault.id()), vault.access()))
            .toList());
  }

  /** Returns a set-up without anything. */
  static Setup none() {
    return new Setup(List.of(), List.of());
  }

  Optional<IssuerRecord> issuerOf(Vault vault) {
    return issuers.stream()
        .filter(issuer -> issuer.id().equals(vault.access().issuer()))
        .findFirst();
  }
}
