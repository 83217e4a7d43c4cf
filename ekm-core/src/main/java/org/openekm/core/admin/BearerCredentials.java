// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.spi.store.AdministratorRecord.Credential;
import org.openekm.spi.store.AdministratorRecord.Proof;

/**
 * The text that an administrator shows: {@code ekm.ID.SECRET}, where the id is a UUID and the
 * secret 256 random bits in base64url without padding.
 *
 * <p>At rest there is SHA-256 over a salt and the secret. That is right here, and a slow password
 * hash would be wrong: nobody can guess 256 random bits however fast they try, while a hash that
 * takes long would let anybody who reaches the listener keep its workers busy. The salt keeps equal
 * hashes from telling anything.
 */
final class BearerCredentials {

  private static final Pattern TEXT =
      Pattern.compile(
          "ekm\\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\.([A-Za-z0-9_-]{43})");
  private static final int SECRET_BYTES = 32;
  private static final int SALT_BYTES = 16;

  private BearerCredentials() {}

  /** A new credential: what is stored, and the text, which is the caller's to destroy. */
  record Fresh(Credential stored, SecretBytes text) {}

  /** What a text claims to be. Must be destroyed. */
  record Claim(UUID id, SecretBytes secret) implements AutoCloseable {

    @Override
    public void close() {
      secret.destroy();
    }
  }

  static Fresh make(SecureRandom random, Instant now) {
    byte[] secret = new byte[SECRET_BYTES];
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(secret);
    random.nextBytes(salt);
    UUID id = Ids.next(random);
    byte[] encoded = Base64.getUrlEncoder().withoutPadding().encode(secret);
    byte[] prefix = ("ekm." + id + ".").getBytes(StandardCharsets.US_ASCII);
    byte[] text = Arrays.copyOf(prefix, prefix.length + encoded.length);
    System.arraycopy(encoded, 0, text, prefix.length, encoded.length);
    Bytes saltBytes = Bytes.adopt(salt);
    Credential stored =
        new Credential(id, Proof.BEARER, saltBytes, hash(saltBytes, secret), now, Optional.empty());
    Arrays.fill(secret, (byte) 0);
    Arrays.fill(encoded, (byte) 0);
    return new Fresh(stored, SecretBytes.adopt(text));
  }

  /** Reads a text; absent if it has another form. */
  static Optional<Claim> read(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    byte[] secret;
    try {
      secret = Base64.getUrlDecoder().decode(matcher.group(2));
    } catch (IllegalArgumentException e) {
      // Unused bits that are set: another text for the same secret, which is not accepted.
      return Optional.empty();
    }
    boolean canonical =
        Base64.getUrlEncoder().withoutPadding().encodeToString(secret).equals(matcher.group(2));
    if (!canonical) {
      Arrays.fill(secret, (byte) 0);
      return Optional.empty();
    }
    return Optional.of(
        new Claim(
            UUID.fromString(matcher.group(1).toLowerCase(Locale.ROOT)), SecretBytes.adopt(secret)));
  }

  /** Compares in constant time. */
  static boolean proves(Claim claim, Credential stored) {
    return claim
        .secret()
        .read(
            secret ->
                MessageDigest.isEqual(
                    hash(stored.salt(), secret).toByteArray(), stored.hash().toByteArray()));
  }

  private static Bytes hash(Bytes salt, byte[] secret) {
    MessageDigest digest = sha256();
    digest.update(salt.toByteArray());
    return Bytes.adopt(digest.digest(secret));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
