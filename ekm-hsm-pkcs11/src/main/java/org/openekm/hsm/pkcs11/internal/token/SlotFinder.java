// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.ArrayList;
import java.util.List;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.hsm.pkcs11.internal.cryptoki.TokenInfo;
import org.openekm.spi.backend.BackendException;

/** Finds the slot of the token that is meant. */
final class SlotFinder {

  /**
   * A slot with its token.
   *
   * @param slot the slot
   * @param token what it tells of itself
   */
  record Found(long slot, TokenInfo token) {}

  private SlotFinder() {}

  /**
   * Finds the token.
   *
   * @throws BackendException.Unavailable if there is none at the moment
   * @throws BackendException.Misconfigured if several fit
   */
  static Found find(Cryptoki cryptoki, TokenSelector selector) {
    List<Found> fitting = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (long slot : cryptoki.getSlotList(true)) {
      try {
        TokenInfo token = cryptoki.getTokenInfo(slot);
        seen.add("'" + token.label() + "'");
        if (selector.fits(slot, token)) {
          fitting.add(new Found(slot, token));
        }
      } catch (Pkcs11Exception e) {
        // One sick slot must not hide the others.
        seen.add("slot " + Long.toUnsignedString(slot) + " (" + e.getMessage() + ")");
      }
    }
    if (fitting.isEmpty()) {
      throw new BackendException.Unavailable(
          "there is no " + selector + "; the library shows " + seen, false, null);
    }
    if (fitting.size() > 1) {
      throw new BackendException.Misconfigured(
          "there are "
              + fitting.size()
              + " tokens that fit: "
              + selector
              + "; add 'token.serial' to the settings",
          null);
    }
    return fitting.get(0);
  }
}
