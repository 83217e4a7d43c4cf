// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.policy;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import org.openekm.api.KeyId;
import org.openekm.api.Operation;
import org.openekm.api.VaultId;
import org.openekm.api.VerifiedClient;

/**
 * What somebody wants to do.
 *
 * @param operation the operation
 * @param client who, by the token
 * @param vault the vault
 * @param key the key; absent for the vault's own metadata
 * @param source the address of the calling socket; absent inside one process
 * @param time when, by the wall clock
 */
public record AccessRequest(
    Operation operation,
    VerifiedClient client,
    VaultId vault,
    Optional<KeyId> key,
    Optional<InetAddress> source,
    Instant time) {}
