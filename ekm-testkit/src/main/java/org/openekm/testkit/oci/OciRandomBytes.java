// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.util.Optional;
import org.openekm.api.SecretBytes;

/**
 * The answer to GenerateRandomBytes.
 *
 * @param plaintext the random bytes; the receiver destroys them
 * @param encrypted the same bytes encrypted, if the key manager does that
 */
public record OciRandomBytes(SecretBytes plaintext, Optional<OciCiphertext> encrypted) {}
