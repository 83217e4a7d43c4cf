// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.util.List;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;

/**
 * One thing to ask of a server.
 *
 * @param operation what
 * @param payload what it needs
 */
public record RequestItem(KmipOperation operation, Ttlv payload) {

  /** Returns an item with these fields, in this order. */
  public static RequestItem of(KmipOperation operation, List<Ttlv> fields) {
    return new RequestItem(operation, Ttlv.structure(Tag.REQUEST_PAYLOAD, fields));
  }

  /** Returns an item with these fields, in this order. */
  public static RequestItem of(KmipOperation operation, Ttlv... fields) {
    return of(operation, List.of(fields));
  }
}
