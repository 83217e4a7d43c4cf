// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

/**
 * The answer to GetKeyMetadata and GetKeyVersionMetadata.
 *
 * @param keyId the external key id
 * @param keyVersionId the version: the current one for a key, the asked one for a version
 * @param name its name
 * @param state its state, as the key manager words it
 * @param lengthBytes the length of the key
 */
public record OciKey(
    String keyId, String keyVersionId, String name, String state, int lengthBytes) {}
