// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;

/**
 * Checks the bearer credential of the configuration, which may do everything. Keeps only its hash,
 * and compares in constant time. Thread-safe.
 */
public final class AdminCredential {

  /** The least number of characters. */
  public static final int MIN_LENGTH = 32;

  private final Bytes hash;

  private AdminCredential(Bytes hash) {
    this.hash = hash;
  }

  /**
   * Takes the credential in.
   *
   * @param credential stays the caller's to destroy
   * @throws IllegalArgumentException if it is shorter than {@link #MIN_LENGTH} characters
   */
  public static AdminCredential of(SecretBytes credential) {
    if (credential.length() < MIN_LENGTH) {
      throw new IllegalArgumentException(
          "the admin credential must have at least "
              + MIN_LENGTH
              + " characters; ekm init makes a good one");
    }
    return new AdminCredential(credential.read(AdminCredential::sha256));
  }

  /** Returns true if it is the credential. */
  boolean accepts(String text) {
    byte[] given = text.getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(sha256(given).toByteArray(), hash.toByteArray());
  }

  private static Bytes sha256(byte[] bytes) {
    try {
      return Bytes.adopt(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
