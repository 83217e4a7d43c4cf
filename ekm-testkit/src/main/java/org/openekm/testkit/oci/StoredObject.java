// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

/**
 * An object in a bucket.
 *
 * @param name its name
 * @param size its length in bytes, unencrypted
 * @param keyVersionId the version of the external key that wrapped its data key
 */
public record StoredObject(String name, int size, String keyVersionId) {}
