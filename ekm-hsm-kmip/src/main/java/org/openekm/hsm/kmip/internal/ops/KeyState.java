// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The states of a key, by their numbers on the wire. */
enum KeyState {
  PRE_ACTIVE(1),
  ACTIVE(2),
  DEACTIVATED(3),
  COMPROMISED(4),
  DESTROYED(5),
  DESTROYED_COMPROMISED(6);

  private final int code;

  KeyState(int code) {
    this.code = code;
  }

  static Optional<KeyState> of(int code) {
    return Stream.of(values()).filter(state -> state.code == code).findFirst();
  }

  boolean isDestroyed() {
    return this == DESTROYED || this == DESTROYED_COMPROMISED;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
