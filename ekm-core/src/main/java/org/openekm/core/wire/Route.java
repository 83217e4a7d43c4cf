// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.Optional;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.Operation;
import org.openekm.api.VaultId;

/**
 * Where a request goes. An id in the path that is no UUID is absent here, not refused: the token is
 * checked before anybody learns which ids exist, so the endpoint asks for the ids, by the {@code
 * require} methods, when their turn comes.
 *
 * @param operation the operation
 * @param vault the vault of the path; absent if the path's text is no UUID
 * @param key the key of the path; absent if the path has none or its text is no UUID
 * @param version the key version of the path; absent if the path has none or its text is no UUID
 * @param versionInPath true if the path has a place for a key version, readable or not
 * @param query the raw query without the question mark, empty for none; the codec reads it together
 *     with the body
 */
public record Route(
    Operation operation,
    Optional<VaultId> vault,
    Optional<KeyId> key,
    Optional<KeyVersionId> version,
    boolean versionInPath,
    String query) {

  /**
   * Returns the vault.
   *
   * @throws EkmException with {@link EkmErrorCode#VAULT_NOT_FOUND} if the path's vault id is no
   *     UUID
   */
  public VaultId requireVault() {
    return vault.orElseThrow(
        () ->
            new EkmException(EkmErrorCode.VAULT_NOT_FOUND, "the vault id in the path is no UUID"));
  }

  /**
   * Returns the key.
   *
   * @throws EkmException with {@link EkmErrorCode#KEY_NOT_FOUND} if the path's key id is no UUID
   */
  public KeyId requireKey() {
    return key.orElseThrow(
        () -> new EkmException(EkmErrorCode.KEY_NOT_FOUND, "the key id in the path is no UUID"));
  }

  /**
   * Returns the key version.
   *
   * @throws EkmException with {@link EkmErrorCode#KEY_VERSION_NOT_FOUND} if the path's key version
   *     id is no UUID
   */
  public KeyVersionId requireVersion() {
    return version.orElseThrow(
        () ->
            new EkmException(
                EkmErrorCode.KEY_VERSION_NOT_FOUND, "the key version id in the path is no UUID"));
  }
}
