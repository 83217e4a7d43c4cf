// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.internal.client.RefusedException;
import org.openekm.hsm.kmip.internal.client.Result;
import org.openekm.hsm.kmip.internal.client.Session;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;

/**
 * Tries a server before it is trusted: two encryptions under two IVs, a decryption, and one with
 * the wrong additional data, which must fail. A server that ignores additional data passes any
 * other test.
 */
final class GcmSelfTest {

  private static final byte[] TEXT = "openekm selftest".getBytes(StandardCharsets.US_ASCII);
  private static final Bytes AAD = Bytes.copyOf("right".getBytes(StandardCharsets.US_ASCII));
  private static final Bytes OTHER_AAD = Bytes.copyOf("wrong".getBytes(StandardCharsets.US_ASCII));

  private GcmSelfTest() {}

  /**
   * Runs it.
   *
   * @throws BackendException.Misconfigured if the server computes something else than AES-GCM
   * @throws RefusedException if it refuses to compute with the key
   */
  static void run(Session session, String key, Supplier<Bytes> ivs) {
    boolean appended = session.quirks().tagAppended();
    Bytes aad = appended ? Bytes.empty() : AAD;
    GcmCipher.requireGcm(session, aad);
    List<Bytes> used = List.of(ivs.get(), ivs.get());
    List<Result> made =
        session.sendAll(
            used.stream().map(iv -> GcmCipher.encryption(key, TEXT.clone(), iv, aad)).toList());
    BackendCiphertext first = encrypted(session, made.get(0), used.get(0));
    BackendCiphertext second = encrypted(session, made.get(1), used.get(1));
    if (first.ciphertext().equals(second.ciphertext())) {
      throw failed(session, "it ignores the IV");
    }
    Sealed good = new Sealed(first.iv(), first.ciphertext(), first.tag());
    Sealed bad = appended ? new Sealed(first.iv(), first.ciphertext(), second.tag()) : good;
    List<Result> opened =
        session.sendAll(
            List.of(
                GcmCipher.decryption(key, good, aad, appended),
                GcmCipher.decryption(key, bad, appended ? aad : OTHER_AAD, appended)));
    requireText(session, opened.get(0));
    requireRefusal(session, opened.get(1), appended ? "tag" : "additional data");
  }

  private static BackendCiphertext encrypted(Session session, Result result, Bytes iv) {
    return GcmCipher.encrypted(session, result.payload(), TEXT.length, iv);
  }

  private static void requireText(Session session, Result result) {
    try (SecretBytes back = GcmCipher.decrypted(result.payload(), TEXT.length)) {
      if (!back.read(bytes -> Arrays.equals(bytes, TEXT))) {
        throw failed(session, "a decryption did not give the plaintext");
      }
    }
  }

  private static void requireRefusal(Session session, Result result, String what) {
    Optional<RefusedException> refused = result.refused();
    if (refused.isEmpty()) {
      throw failed(session, "a decryption with the wrong " + what + " succeeded");
    }
    FaultTable.Meaning meaning =
        FaultTable.of(refused.get(), session.quirks().generalFailureIsBadTag());
    if (meaning != FaultTable.Meaning.BAD_TAG) {
      throw failed(
          session,
          "a wrong "
              + what
              + " is answered by '"
              + refused.get().getMessage()
              + "'; if that is its way, set 'general-failure: bad-tag'");
    }
  }

  private static BackendException failed(Session session, String what) {
    return new BackendException.Misconfigured(
        session.server() + " fails the self-test of AES-GCM: " + what + "; it is not used", null);
  }
}
