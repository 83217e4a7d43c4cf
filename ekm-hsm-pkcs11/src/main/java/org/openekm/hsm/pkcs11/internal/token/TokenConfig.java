// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckm;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmParameters;
import org.openekm.hsm.pkcs11.internal.cryptoki.InitializeArguments;
import org.openekm.spi.SecretReference;

/**
 * Everything that one token needs to know of its surroundings.
 *
 * @param library which library, and how it is started
 * @param selector which of its tokens
 * @param pin where the PIN is; empty for a token with a keypad of its own or without log-in
 * @param sessions how many sessions, and of which kind
 * @param gcm how it does AES-GCM
 * @param keys what its keys must be like
 * @param pace how often a lost token is tried
 */
public record TokenConfig(
    Library library,
    TokenSelector selector,
    Optional<SecretReference> pin,
    Sessions sessions,
    Gcm gcm,
    Keys keys,
    Pace pace) {

  /**
   * A library.
   *
   * @param path its file, an absolute path
   * @param arguments for C_Initialize
   */
  public record Library(Path path, InitializeArguments arguments) {}

  /**
   * The sessions.
   *
   * @param max the most that work at once, at least 1; the token's own limit applies as well
   * @param readOnly true to open them for reading only, so that no key can be made or destroyed
   */
  public record Sessions(int max, boolean readOnly) {}

  /**
   * AES-GCM.
   *
   * @param mechanism CKM_AES_GCM or a vendor's code
   * @param ivMode who makes IVs
   * @param layout the form of the parameters; empty to find out
   * @param maxPlaintext the longest plaintext in bytes, at least 1
   * @param maxAad the longest additional authenticated data in bytes
   */
  public record Gcm(
      long mechanism,
      IvMode ivMode,
      Optional<GcmParameters.Layout> layout,
      int maxPlaintext,
      int maxAad) {}

  /**
   * The keys.
   *
   * @param refuseWeak true to refuse a key that can be extracted, is not marked sensitive or is
   *     shorter than 256 bits; false to warn
   * @param importing how key material is taken in
   * @param unwrapping the mechanism for what is wrapped under a key of the token
   * @param leaveOut attributes that the token refuses in templates
   */
  public record Keys(
      boolean refuseWeak, Importing importing, Unwrapping unwrapping, Set<Long> leaveOut) {

    /** Copies the set. */
    public Keys {
      leaveOut = Set.copyOf(leaveOut);
    }
  }

  /** How key material is taken in. */
  public enum Importing {
    /**
     * Wrapped under an RSA key pair that the token makes for the purpose, so never in the clear.
     */
    UNWRAP,
    /** Through C_CreateObject, in the clear between us and the library. */
    CREATE,
    /** Not at all. */
    OFF
  }

  /** What a token calls AES key wrap with padding (RFC 5649). */
  public enum Unwrapping {
    /** Nothing is unwrapped. */
    OFF,
    /** CKM_AES_KEY_WRAP_KWP, as PKCS#11 3.0 has it. */
    AES_KEY_WRAP_KWP,
    /** CKM_AES_KEY_WRAP_PAD, of which some older tokens mean the same. */
    AES_KEY_WRAP_PAD;

    long mechanism() {
      return this == AES_KEY_WRAP_PAD ? Ckm.AES_KEY_WRAP_PAD : Ckm.AES_KEY_WRAP_KWP;
    }
  }

  /**
   * How often a lost token is tried.
   *
   * @param interval the least time between two tries, at least 500 ms; a random part of it is added
   * @param patience how long a try waits for calls under way to end, for a library must not be
   *     restarted beneath them
   */
  public record Pace(Duration interval, Duration patience) {}
}
