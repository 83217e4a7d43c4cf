// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The operations that we call, by their numbers on the wire. */
public enum KmipOperation {
  /** Makes a key. */
  CREATE(0x01, false),
  /** Takes a key in. */
  REGISTER(0x03, false),
  /** Finds objects by attributes. */
  LOCATE(0x08, true),
  /** Gives a key out. */
  GET(0x0A, true),
  /** Tells attributes. */
  GET_ATTRIBUTES(0x0B, true),
  /** Makes a key usable. */
  ACTIVATE(0x12, false),
  /** Ends the use of a key. */
  REVOKE(0x13, false),
  /** Deletes a key's material. */
  DESTROY(0x14, false),
  /** Tells what a server can do. */
  QUERY(0x18, true),
  /** Tells which versions a server speaks. */
  DISCOVER_VERSIONS(0x1E, true),
  /** Encrypts. */
  ENCRYPT(0x1F, true),
  /** Decrypts. */
  DECRYPT(0x20, true),
  /** Draws random bytes. */
  RNG_RETRIEVE(0x25, true);

  private final int code;
  private final boolean repeatable;

  KmipOperation(int code, boolean repeatable) {
    this.code = code;
    this.repeatable = repeatable;
  }

  /** Returns the number. */
  public int code() {
    return code;
  }

  /** Returns true if a second time does no harm although the first may have had effect. */
  boolean repeatable() {
    return repeatable;
  }

  /** Returns the operation of a number, if it is one of these. */
  public static Optional<KmipOperation> of(int code) {
    return Stream.of(values()).filter(operation -> operation.code == code).findFirst();
  }

  /** Returns the name as the standard has it, more or less: "get attributes". */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
