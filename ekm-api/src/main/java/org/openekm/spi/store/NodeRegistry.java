// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import java.util.List;

/**
 * The nodes that answer from one shared store. Thread-safe; methods block, and throw {@link
 * StoreException} if the store can't be reached.
 *
 * <p>A change that takes access away is acknowledged when every node in here has acknowledged it.
 * That is safe only if no node answers without being in here, so: {@link #report} returns only
 * while the node's record is there and can't be dropped for a good while.
 */
public interface NodeRegistry {

  /**
   * Makes sure that the node is registered with what it acknowledges, and then asks for the newest
   * revision.
   *
   * @param acknowledged the revision by which the node answers; 0 for none yet
   * @return the newest committed revision, as of a moment after this call began
   */
  long report(NodeId node, String name, long acknowledged);

  /**
   * Returns all registered nodes, those that have gone silent included until they are dropped, by
   * name and then by id.
   */
  List<NodeRecord> nodes();

  /** Takes a node out. To be called when it can't answer any more. No effect if it is not there. */
  void leave(NodeId node);

  /**
   * Calls {@code news} soon after somebody has committed, from a thread of the store's. Calls may
   * be lost or come for nothing: it saves time, and nothing may rest on it.
   */
  void onNews(Runnable news);
}
