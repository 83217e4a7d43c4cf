// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendKeyRef;

/**
 * Checks what a backend hands back, because a device or its driver may be wrong: drivers are known
 * that report a zero IV without an error, and giving such a ciphertext out would reuse an IV.
 * Thread-safe.
 */
final class AnswerCheck {

  private static final int IV_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private final String backend;
  private final AtomicReference<@Nullable Used> lastUsed = new AtomicReference<>();

  AnswerCheck(String backend) {
    this.backend = backend;
  }

  void encrypted(BackendKeyRef key, int plaintextLength, BackendCiphertext answer) {
    length("IV", IV_BYTES, answer.iv().length());
    length("tag", TAG_BYTES, answer.tag().length());
    length("ciphertext", plaintextLength, answer.ciphertext().length());
    if (isZero(answer.iv())) {
      throw wrong("an IV of zeros");
    }
    Used used = new Used(key, answer.iv());
    if (used.equals(lastUsed.getAndSet(used))) {
      throw wrong("the same IV twice in a row");
    }
  }

  void decrypted(int ciphertextLength, SecretBytes answer) {
    length("plaintext", ciphertextLength, answer.length());
  }

  void drawn(int length, SecretBytes answer) {
    length("random data", length, answer.length());
  }

  private void length(String what, int expected, int actual) {
    if (expected != actual) {
      throw wrong("a " + what + " of " + actual + " bytes instead of " + expected);
    }
  }

  private EkmException wrong(String what) {
    return new EkmException(
        EkmErrorCode.INTERNAL,
        "backend "
            + backend
            + " gave "
            + what
            + "; nothing was given out, check its driver and settings");
  }

  private static boolean isZero(Bytes iv) {
    int bits = 0;
    for (int i = 0; i < iv.length(); i++) {
      bits |= iv.at(i);
    }
    return bits == 0;
  }

  private record Used(BackendKeyRef key, Bytes iv) {}
}
