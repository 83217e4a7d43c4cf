// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import java.util.List;

/**
 * What has changed since an earlier revision.
 *
 * @param revision the revision that the changes lead to
 * @param changes what to do to the metadata of the earlier revision, in this order; removals of
 *     what was never there are possible
 */
public record MetadataDelta(long revision, List<MetadataChange> changes) {

  /** Copies the list. */
  public MetadataDelta {
    changes = List.copyOf(changes);
  }
}
