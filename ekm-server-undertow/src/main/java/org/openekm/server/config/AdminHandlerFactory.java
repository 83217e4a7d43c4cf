// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import io.undertow.server.HttpHandler;
import org.openekm.api.SecretBytes;
import org.openekm.core.EkmEngine;

/** Makes the handler of management requests, once the engine is there. */
@FunctionalInterface
public interface AdminHandlerFactory {

  /**
   * Makes a handler that is called on worker threads, in blocking mode.
   *
   * @param engine what is managed
   * @param credential the token to ask for; destroyed after the call
   * @throws IllegalArgumentException if the credential is too weak; the message tells the rule and
   *     never the credential
   */
  HttpHandler create(EkmEngine engine, SecretBytes credential);
}
