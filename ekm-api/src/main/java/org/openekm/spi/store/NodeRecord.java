// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import java.time.Duration;

/**
 * A node as the registry knows it.
 *
 * @param id the id
 * @param name the operator's name for it, not unique
 * @param acknowledged the revision by which it answers; nothing that it answers rests on an older
 *     one. 0 while it has not acknowledged any
 * @param silence how long ago its record was last written, by the store's clock; a node that works
 *     writes it about once a second
 */
public record NodeRecord(NodeId id, String name, long acknowledged, Duration silence) {}
