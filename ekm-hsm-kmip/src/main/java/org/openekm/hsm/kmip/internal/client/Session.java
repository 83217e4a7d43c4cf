// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.util.ArrayList;
import java.util.List;
import org.openekm.api.Deadline;
import org.openekm.hsm.kmip.internal.client.TransportException.Kind;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;

/** One server, for the length of one call. Used by one thread. */
public final class Session {

  private final Endpoint endpoint;
  private final ServerInfo info;
  private final Deadline deadline;

  Session(Endpoint endpoint, ServerInfo info, Deadline deadline) {
    this.endpoint = endpoint;
    this.info = info;
    this.deadline = deadline;
  }

  /** Returns what the server can do. */
  public ServerInfo info() {
    return info;
  }

  /** Returns where it differs from others. */
  public Quirks quirks() {
    return endpoint.address().quirks();
  }

  /** Returns its place among the servers, from 0 on. */
  public int index() {
    return endpoint.index();
  }

  /** Returns its name for messages. */
  public String server() {
    return endpoint.address().label();
  }

  /**
   * Does one thing.
   *
   * @throws RefusedException if the server refuses it
   * @throws TransportException if there is no answer that can be trusted
   */
  public Ttlv send(RequestItem item) {
    return sendAll(List.of(item)).get(0).payload();
  }

  /**
   * Does several things, in one message if the server takes as many. One that fails does not keep
   * the others from being done.
   */
  public List<Result> sendAll(List<RequestItem> items) {
    for (RequestItem item : items) {
      if (!info.has(item.operation())) {
        throw new TransportException(
            Kind.SETTINGS, server() + " lacks the operation " + item.operation().label(), null);
      }
    }
    int most = quirks().batchItems();
    List<Result> results = new ArrayList<>();
    for (int from = 0; from < items.size(); from += most) {
      List<RequestItem> some = items.subList(from, Math.min(items.size(), from + most));
      results.addAll(endpoint.send(info.version(), some, deadline));
    }
    return results;
  }
}
