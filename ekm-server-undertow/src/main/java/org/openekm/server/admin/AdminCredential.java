// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;

/**
 * Checks the bearer credential of administrators. Keeps only its hash, and compares in constant
 * time. Thread-safe.
 */
public final class AdminCredential {

  /** The least number of characters. */
  public static final int MIN_LENGTH = 32;

  private static final String SCHEME = "Bearer ";

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

  /** Returns true if the header brings the credential. */
  boolean accepts(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith(SCHEME)) {
      return false;
    }
    byte[] given = authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
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
