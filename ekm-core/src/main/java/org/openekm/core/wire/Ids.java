// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.Optional;
import java.util.function.Function;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;

/** Reads ids that may be anything. */
final class Ids {

  private static final int UUID_LENGTH = 36;

  private Ids() {}

  static Optional<VaultId> vault(String text) {
    return read(text, VaultId::parse);
  }

  static Optional<KeyId> key(String text) {
    return read(text, KeyId::parse);
  }

  static Optional<KeyVersionId> keyVersion(String text) {
    return read(text, KeyVersionId::parse);
  }

  private static <T> Optional<T> read(String text, Function<String, T> parser) {
    if (text.length() != UUID_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      // absent is the answer; the callers turn it into the right "not found" in its turn
      return Optional.empty();
    }
  }
}
