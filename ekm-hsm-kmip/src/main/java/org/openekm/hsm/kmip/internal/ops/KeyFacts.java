// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.util.Optional;

/**
 * What a server tells of an object. What it leaves out is absent.
 *
 * @param state where it is in its life
 * @param objectType the number of its kind
 * @param algorithm the number of its algorithm
 * @param bits its length
 * @param usage what it may be used for, as a mask
 * @param sensitive whether it is given out wrapped only
 * @param extractable whether it is given out
 */
record KeyFacts(
    Optional<KeyState> state,
    Optional<Integer> objectType,
    Optional<Integer> algorithm,
    Optional<Integer> bits,
    Optional<Integer> usage,
    Optional<Boolean> sensitive,
    Optional<Boolean> extractable) {

  static final int SYMMETRIC_KEY = 2;
  static final int AES = 3;
  static final int ENCRYPT_AND_DECRYPT = 0xC;

  private static final int BITS_OF_A_BYTE = 8;

  /** Returns why it can't be used as an AES key; empty if it can. */
  Optional<String> problem() {
    if (objectType.filter(type -> type != SYMMETRIC_KEY).isPresent()) {
      return Optional.of("is no symmetric key");
    }
    if (algorithm.filter(number -> number != AES).isPresent()) {
      return Optional.of("is no AES key");
    }
    if (usage.filter(mask -> (mask & ENCRYPT_AND_DECRYPT) != ENCRYPT_AND_DECRYPT).isPresent()) {
      return Optional.of("may not be used both to encrypt and to decrypt (usage mask)");
    }
    return state.filter(one -> one != KeyState.ACTIVE).map(one -> "is " + one.label());
  }

  boolean isDestroyed() {
    return state.filter(KeyState::isDestroyed).isPresent();
  }

  /** Returns the length in bytes; 0 if the server does not tell. */
  int lengthBytes() {
    return bits.orElse(0) / BITS_OF_A_BYTE;
  }
}
