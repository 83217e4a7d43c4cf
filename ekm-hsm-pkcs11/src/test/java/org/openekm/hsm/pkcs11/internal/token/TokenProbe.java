// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/** A key with a known ciphertext, and a look at whether it still does what it should. */
public final class TokenProbe {

  private static final byte[] TEXT =
      "thirty-two bytes of a data key..".getBytes(StandardCharsets.US_ASCII);
  private static final Bytes AAD = Bytes.copyOf("aad".getBytes(StandardCharsets.US_ASCII));

  private final KeyBackend backend;
  private final BackendKeyRef key;
  private final Sealed known;

  /** Makes a key and a ciphertext. */
  public TokenProbe(KeyBackend backend) {
    this.backend = backend;
    this.key =
        backend.generateKey(new NewKey(new KeyVersionId(UUID.randomUUID()), "probe", 32), soon());
    this.known = sealed(encrypt());
  }

  private static Sealed sealed(BackendCiphertext made) {
    return new Sealed(made.iv(), made.ciphertext(), made.tag());
  }

  /** Returns a deadline that is far enough. */
  public static Deadline soon() {
    return in(Duration.ofSeconds(10));
  }

  /** Returns a deadline. */
  public static Deadline in(Duration time) {
    return Deadline.after(time, NanoClock.system());
  }

  /** Returns the key. */
  public BackendKeyRef key() {
    return key;
  }

  /** Encrypts the text. */
  public BackendCiphertext encrypt() {
    return encrypt(soon());
  }

  /** Encrypts the text by the deadline. */
  public BackendCiphertext encrypt(Deadline deadline) {
    try (SecretBytes plaintext = SecretBytes.copyOf(TEXT)) {
      return backend.encrypt(key, plaintext, AAD, deadline);
    }
  }

  /** Decrypts the known ciphertext; what comes must be the text. */
  public void decrypt() {
    decrypt(known, soon());
  }

  /** Decrypts the known ciphertext by the deadline. */
  public void decrypt(Deadline deadline) {
    decrypt(known, deadline);
  }

  /** Decrypts with the last byte of the tag changed. */
  public void decryptTampered() {
    byte[] tag = known.tag().toByteArray();
    tag[15] ^= 1;
    decrypt(new Sealed(known.iv(), known.ciphertext(), Bytes.adopt(tag)), soon());
  }

  /** Encrypts and decrypts; what comes back must be the text. */
  public void roundTrip() {
    decrypt();
    decrypt(sealed(encrypt()), soon());
  }

  private void decrypt(Sealed sealed, Deadline deadline) {
    try (SecretBytes plaintext = backend.decrypt(key, sealed, AAD, deadline)) {
      assertThat(plaintext.toByteArray()).as("never a wrong plaintext").isEqualTo(TEXT);
    }
  }
}
