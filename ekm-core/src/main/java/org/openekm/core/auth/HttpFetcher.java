// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.net.URI;
import java.util.Optional;
import org.openekm.api.Bytes;

/**
 * Fetches the documents of an identity domain. Blocks, so it is called on background threads only.
 * Implementations are thread-safe, follow no redirect, bound time and size, and never answer
 * anything but the body of a 200.
 */
@FunctionalInterface
public interface HttpFetcher {

  /**
   * Sends a request and returns the body of the answer.
   *
   * @throws FetchException for anything but a complete answer with status 200
   */
  Bytes fetch(Request request);

  /**
   * A GET or, with a form, a POST.
   *
   * @param uri where to; checked by the caller
   * @param authorization the value of {@code Authorization}; a secret
   * @param form the form to post, already encoded
   */
  record Request(URI uri, Optional<String> authorization, Optional<String> form) {

    /** Keeps the credential out of logs. */
    @Override
    public String toString() {
      return (form.isPresent() ? "POST " : "GET ") + uri;
    }
  }
}
