// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.Optional;
import java.util.OptionalLong;
import org.openekm.hsm.pkcs11.internal.cryptoki.TokenInfo;

/**
 * Which token of a library is meant. All that is given must fit.
 *
 * @param label the token's label
 * @param serial its serial number
 * @param slot the slot's number; on some libraries it changes whenever they are started
 */
public record TokenSelector(Optional<String> label, Optional<String> serial, OptionalLong slot) {

  boolean fits(long candidate, TokenInfo token) {
    return label.map(wanted -> wanted.equals(token.label())).orElse(true)
        && serial.map(wanted -> wanted.equals(token.serialNumber())).orElse(true)
        && (slot.isEmpty() || slot.getAsLong() == candidate);
  }

  /** Returns the choice in words, for messages. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("token");
    label.ifPresent(value -> text.append(" with label '").append(value).append('\''));
    serial.ifPresent(value -> text.append(" with serial number ").append(value));
    slot.ifPresent(value -> text.append(" in slot ").append(Long.toUnsignedString(value)));
    return text.toString();
  }
}
