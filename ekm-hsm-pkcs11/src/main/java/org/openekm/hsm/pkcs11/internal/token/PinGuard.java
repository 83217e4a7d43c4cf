// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.Optional;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckf;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.hsm.pkcs11.internal.cryptoki.TokenInfo;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.backend.BackendException;

/**
 * Logs in, and never tries a PIN twice that the token has refused: a few wrong ones lock it. The
 * PIN is read anew for each log-in, so a corrected one is taken at once. Used by one thread at a
 * time.
 */
final class PinGuard {

  private final Optional<SecretReference> reference;
  private final ComponentContext context;

  private final RefusedSecrets refused;

  PinGuard(Optional<SecretReference> reference, ComponentContext context) {
    this.reference = reference;
    this.context = context;
    this.refused = new RefusedSecrets(context.random());
  }

  void login(Cryptoki cryptoki, long session, TokenInfo token) {
    if (!token.has(Ckf.LOGIN_REQUIRED) && reference.isEmpty()) {
      return;
    }
    if (reference.isEmpty()) {
      loginWithKeypad(cryptoki, session, token);
      return;
    }
    try (SecretBytes pin = context.secrets().resolve(reference.get())) {
      if (!refused.mayTry(pin)) {
        throw new BackendException.Misconfigured(
            "the token has refused the PIN in "
                + reference.get()
                + " before; it is not tried again until it changes",
            null);
      }
      login(cryptoki, session, pin);
    } catch (SecretUnavailableException e) {
      throw new BackendException.Misconfigured("the PIN " + e.getMessage(), e);
    }
  }

  private void login(Cryptoki cryptoki, long session, SecretBytes pin) {
    try {
      pin.read(
          bytes -> {
            cryptoki.login(session, bytes);
            return bytes.length;
          });
      refused.accept();
    } catch (Pkcs11Exception e) {
      if (e.code() == Ckr.USER_ALREADY_LOGGED_IN) {
        refused.accept();
        return;
      }
      if (FaultTable.of(e) == Fault.PIN) {
        refused.refuse();
        if (context.secrets() instanceof RefusalListener listener) {
          listener.secretRefused();
        }
      }
      throw e;
    }
  }

  private static void loginWithKeypad(Cryptoki cryptoki, long session, TokenInfo token) {
    if (!token.has(Ckf.PROTECTED_AUTHENTICATION_PATH)) {
      throw new BackendException.Misconfigured(
          "token '" + token.label() + "' wants a PIN; set 'pin' to ${file:PATH} or ${env:NAME}",
          null);
    }
    try {
      cryptoki.login(session, null);
    } catch (Pkcs11Exception e) {
      if (e.code() != Ckr.USER_ALREADY_LOGGED_IN) {
        throw e;
      }
    }
  }
}
