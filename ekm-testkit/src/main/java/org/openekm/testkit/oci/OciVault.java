// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

/**
 * The answer to GetVaultMetadata.
 *
 * @param vaultId the vault's id
 * @param name its name
 * @param state its state, as the key manager words it
 */
public record OciVault(String vaultId, String name, String state) {}
