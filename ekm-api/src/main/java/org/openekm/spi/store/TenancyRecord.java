// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import java.time.Instant;

/**
 * An OCI tenancy that owns vaults.
 *
 * @param id the id
 * @param name the operator's name for it, unique
 * @param ocid the tenancy's OCID
 * @param createdAt when the record was made
 */
public record TenancyRecord(TenancyId id, String name, String ocid, Instant createdAt) {}
