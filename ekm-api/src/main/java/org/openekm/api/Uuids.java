// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.util.UUID;

/**
 * Reads UUIDs in their full form only; {@link UUID#fromString} alone takes shortened groups too.
 */
final class Uuids {

  private static final int LENGTH = 36;

  private Uuids() {}

  static UUID parse(String text, String what) {
    if (text.length() == LENGTH) {
      try {
        UUID parsed = UUID.fromString(text);
        if (parsed.toString().equalsIgnoreCase(text)) {
          return parsed;
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(what + " must be a UUID", e);
      }
    }
    throw new IllegalArgumentException(what + " must be a UUID");
  }
}
