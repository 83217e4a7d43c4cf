// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckm;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmParameters;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmParameters.Layout;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;

/**
 * AES-GCM as the token does it, with a look at what it gives: SoftHSM takes a missing IV for
 * sixteen zero bytes and says nothing (measured), which would use one IV for everything.
 * Thread-safe; each session by one thread.
 */
final class GcmCipher {

  private static final int IV = 12;
  private static final int TAG = 16;

  private final TokenConfig.Gcm config;
  private volatile @Nullable Layout layout;

  GcmCipher(TokenConfig.Gcm config) {
    this.config = config;
    this.layout = config.layout().orElse(null);
  }

  /** Says whether IV and tag are as long as they must be. */
  static boolean hasStandardLengths(Sealed sealed) {
    return sealed.iv().length() == IV && sealed.tag().length() == TAG;
  }

  BackendCiphertext encrypt(TokenSession session, long key, byte[] plaintext, byte[] aad) {
    byte[] iv = ivToHandIn(session);
    return inItsForm(form -> encrypt(session, key, parameters(form, iv, aad), plaintext));
  }

  SecretBytes decrypt(TokenSession session, long key, Sealed sealed, byte[] aad) {
    byte[] iv = sealed.iv().toByteArray();
    byte[] input = joined(sealed);
    return inItsForm(form -> decrypt(session, key, decryption(form, iv, aad), input));
  }

  /** Uses the form of parameters that the token takes, which the first call finds out. */
  private <T> T inItsForm(Function<Layout, T> call) {
    Layout known = layout;
    if (known != null) {
      return call.apply(known);
    }
    try {
      return remembered(Layout.WITH_IV_BITS, call.apply(Layout.WITH_IV_BITS));
    } catch (Pkcs11Exception e) {
      if (!refusesForm(e)) {
        throw e;
      }
      return remembered(Layout.WITHOUT_IV_BITS, call.apply(Layout.WITHOUT_IV_BITS));
    }
  }

  private <T> T remembered(Layout form, T result) {
    layout = form;
    return result;
  }

  private static boolean refusesForm(Pkcs11Exception e) {
    boolean atInit =
        e.function() == CkFunction.ENCRYPT_INIT || e.function() == CkFunction.DECRYPT_INIT;
    return atInit && (e.code() == Ckr.ARGUMENTS_BAD || e.code() == Ckr.MECHANISM_PARAM_INVALID);
  }

  private byte @Nullable [] ivToHandIn(TokenSession session) {
    return switch (config.ivMode()) {
      case CALLER -> session.nextIv();
      case IN_PARAM -> new byte[IV];
      default -> null;
    };
  }

  private GcmParameters parameters(Layout form, byte @Nullable [] iv, byte[] aad) {
    return new GcmParameters(config.mechanism(), form, iv, IV * 8, aad);
  }

  /** The IV is known when decrypting, so the standard mechanism does whatever made it. */
  private GcmParameters decryption(Layout form, byte[] iv, byte[] aad) {
    long mechanism = config.ivMode() == IvMode.PREPENDED ? Ckm.AES_GCM : config.mechanism();
    return new GcmParameters(mechanism, form, iv, IV * 8, aad);
  }

  private BackendCiphertext encrypt(
      TokenSession session, long key, GcmParameters parameters, byte[] plaintext) {
    try {
      session.cryptoki().encryptInit(session.handle(), session.buffers(), parameters, key);
      int length =
          session
              .cryptoki()
              .encrypt(session.handle(), session.buffers(), plaintext, session.output());
      return split(session, parameters.iv(), plaintext.length, length);
    } finally {
      session.buffers().wipe();
    }
  }

  private BackendCiphertext split(
      TokenSession session, byte @Nullable [] handedIn, int plaintext, int length) {
    byte[] output = session.output();
    IvMode mode = config.ivMode();
    boolean inOutput = mode == IvMode.APPENDED || mode == IvMode.PREPENDED;
    int expected = plaintext + TAG + (inOutput ? IV : 0);
    if (length != expected) {
      throw wrong("gave " + length + " bytes instead of " + expected);
    }
    int from = mode == IvMode.PREPENDED ? IV : 0;
    byte[] iv = ivOf(session, mode, plaintext);
    checkIv(iv, handedIn, session);
    return new BackendCiphertext(
        Bytes.adopt(iv),
        Bytes.copyOf(output, from, plaintext),
        Bytes.copyOf(output, from + plaintext, TAG));
  }

  private static byte[] ivOf(TokenSession session, IvMode mode, int plaintext) {
    byte[] output = session.output();
    return switch (mode) {
      case PREPENDED -> Arrays.copyOf(output, IV);
      case APPENDED -> Arrays.copyOfRange(output, plaintext + TAG, plaintext + TAG + IV);
      default -> {
        byte[] iv = new byte[IV];
        session.buffers().readIv(iv);
        yield iv;
      }
    };
  }

  private void checkIv(byte[] iv, byte @Nullable [] handedIn, TokenSession session) {
    if (Arrays.equals(iv, new byte[IV])) {
      throw wrong("used an IV of zeros");
    }
    if (config.ivMode() == IvMode.CALLER && !Arrays.equals(iv, handedIn)) {
      throw wrong("used another IV than it was given");
    }
    if (!session.isNewIv(iv)) {
      throw wrong("used the same IV twice");
    }
  }

  private BackendException wrong(String what) {
    return new BackendException.Misconfigured(
        "the token "
            + what
            + "; nothing was given out. Check 'iv-mode', now "
            + config.ivMode().settingName()
            + ", with 'ekm hsm probe'",
        null);
  }

  private static SecretBytes decrypt(
      TokenSession session, long key, GcmParameters parameters, byte[] input) {
    byte[] output = session.output();
    int length = 0;
    try {
      session.cryptoki().decryptInit(session.handle(), session.buffers(), parameters, key);
      length = session.cryptoki().decrypt(session.handle(), session.buffers(), input, output);
      if (length != input.length - TAG) {
        throw new BackendException.Misconfigured(
            "the token gave a plaintext of " + length + " bytes instead of " + (input.length - TAG),
            null);
      }
      return SecretBytes.adopt(Arrays.copyOf(output, length));
    } finally {
      Arrays.fill(output, 0, Math.max(length, input.length), (byte) 0);
      session.buffers().wipe();
    }
  }

  private static byte[] joined(Sealed sealed) {
    byte[] input = new byte[sealed.ciphertext().length() + sealed.tag().length()];
    sealed.ciphertext().copyTo(input, 0);
    sealed.tag().copyTo(input, sealed.ciphertext().length());
    return input;
  }
}
