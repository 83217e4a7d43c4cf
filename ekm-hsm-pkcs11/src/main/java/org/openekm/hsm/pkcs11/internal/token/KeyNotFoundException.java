// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import org.openekm.spi.backend.BackendException;

/** The token shows no key of this id. It may be there but hidden, if the log-in was lost. */
final class KeyNotFoundException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String id;

  KeyNotFoundException(String id) {
    super(text(id), null, false, false);
    this.id = id;
  }

  private static String text(String id) {
    return "the token has no AES key with CKA_ID " + id;
  }

  /** Returns the CKA_ID in hexadecimal. */
  String id() {
    return id;
  }

  BackendException.KeyMissing asMissing() {
    return new BackendException.KeyMissing(text(id), this);
  }
}
