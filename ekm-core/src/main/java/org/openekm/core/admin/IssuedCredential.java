// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.Optional;
import org.openekm.api.SecretBytes;
import org.openekm.spi.store.AdministratorRecord;

/**
 * An administrator whose credential was just made.
 *
 * @param administrator the administrator
 * @param credential the text of the bearer credential in ASCII, shown this once, the caller's to
 *     destroy; absent if the proof is a certificate
 */
public record IssuedCredential(
    AdministratorRecord administrator, Optional<SecretBytes> credential) {}
