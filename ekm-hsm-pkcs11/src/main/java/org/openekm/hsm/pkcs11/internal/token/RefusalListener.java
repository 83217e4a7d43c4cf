// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

/** A source of secrets that wants to know which of them a token has refused. */
public interface RefusalListener {

  /** Called when the token has refused the secret that was read last. */
  void secretRefused();
}
