// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.util.Optional;

/**
 * What OCI stores of an external key.
 *
 * @param keyId the external key id
 * @param keyVersionId the version that it is pinned to; absent to follow the latest
 */
public record KeyReference(String keyId, Optional<String> keyVersionId) {

  /** Returns a reference that follows the latest version. */
  public static KeyReference latest(String keyId) {
    return new KeyReference(keyId, Optional.empty());
  }

  /** Returns a reference to one version of the key. */
  public KeyReference pinnedTo(String versionId) {
    return new KeyReference(keyId, Optional.of(versionId));
  }
}
