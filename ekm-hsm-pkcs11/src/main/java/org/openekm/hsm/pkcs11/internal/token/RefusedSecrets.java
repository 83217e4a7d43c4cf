// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.openekm.api.SecretBytes;

/**
 * Remembers a secret that was refused, so that it is not tried again until it changes: a few wrong
 * PINs lock a token. Keeps a mark only, made with a key that nobody else has. Thread-safe.
 */
public final class RefusedSecrets {

  private static final String MAC = "HmacSHA256";

  private final byte[] macKey = new byte[32];
  private byte @Nullable [] tried;
  private byte @Nullable [] refused;

  /** Makes a memory that is empty. */
  public RefusedSecrets(SecureRandom random) {
    random.nextBytes(macKey);
  }

  /** Notes that this secret is about to be tried; returns false if it must not be. */
  public synchronized boolean mayTry(SecretBytes secret) {
    byte[] mark = secret.read(this::mark);
    if (refused != null && MessageDigest.isEqual(mark, refused)) {
      return false;
    }
    tried = mark;
    return true;
  }

  /** Notes that the secret tried last was refused. */
  public synchronized void refuse() {
    refused = tried;
  }

  /** Notes that the secret tried last was accepted. */
  public synchronized void accept() {
    refused = null;
  }

  private byte[] mark(byte[] secret) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(macKey, MAC));
      mac.update("refused".getBytes(StandardCharsets.US_ASCII));
      return mac.doFinal(secret);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
