// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.openekm.api.SecretBytes;

/**
 * Keys for tests. RSA pairs are made once per virtual machine, size and number, because making them
 * is slow; they are never changed, so tests don't see each other.
 */
public final class TestKeys {

  private record RsaSlot(int bits, int number) {}

  private static final Map<RsaSlot, KeyPair> RSA = new ConcurrentHashMap<>();

  private TestKeys() {}

  /** Returns an RSA pair of 2048 bits, always the same. */
  public static KeyPair rsa() {
    return rsa(2048);
  }

  /** Returns an RSA pair of that many bits, always the same. */
  public static KeyPair rsa(int bits) {
    return rsa(bits, 0);
  }

  /**
   * Returns the RSA pair of that many bits and that number; pairs of different numbers are
   * different.
   */
  public static KeyPair rsa(int bits, int number) {
    return RSA.computeIfAbsent(new RsaSlot(bits, number), slot -> newRsa(slot.bits()));
  }

  /** Makes a new RSA pair. */
  public static KeyPair newRsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no RSA", e);
    }
  }

  /** Makes a new pair on the curve P-256. */
  public static KeyPair newEc() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no P-256", e);
    }
  }

  /** Makes new AES key material of 16, 24 or 32 bytes. */
  public static SecretBytes aes(int lengthBytes) {
    byte[] material = new byte[lengthBytes];
    new SecureRandom().nextBytes(material);
    return SecretBytes.adopt(material);
  }
}
