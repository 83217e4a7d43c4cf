// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.samples;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.Capabilities.IvSource;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

// snippet: backend
/** Keys in the memory of Acme's key manager. */
final class AcmeKeyBackend implements KeyBackend {

  private final Map<BackendKeyRef, SecretKey> keys;
  private final SecureRandom random;
  private volatile boolean closed;

  AcmeKeyBackend(Map<BackendKeyRef, SecretKey> keys, SecureRandom random) {
    this.keys = keys;
    this.random = random;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        IvSource.HOST, 65_536, 65_536, Set.of(32), Set.of(BackendFeature.GENERATE_KEY), 64);
  }

  @Override
  public BackendCiphertext encrypt(BackendKeyRef key, SecretBytes plain, Bytes aad, Deadline by) {
    byte[] iv = randomBytes(12);
    byte[] sealed = plain.read(bytes -> run(Cipher.ENCRYPT_MODE, find(key, by), iv, aad, bytes));
    int length = plain.length();
    return new BackendCiphertext(
        Bytes.adopt(iv), Bytes.copyOf(sealed, 0, length), Bytes.copyOf(sealed, length, 16));
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline by) {
    SecretKey found = find(key, by);
    if (sealed.iv().length() != 12 || sealed.tag().length() != 16) {
      throw new BackendException.AuthenticationTagMismatch("wrong length of IV or tag", null);
    }
    byte[] input = new byte[sealed.ciphertext().length() + 16];
    sealed.ciphertext().copyTo(input, 0);
    sealed.tag().copyTo(input, sealed.ciphertext().length());
    byte[] iv = sealed.iv().toByteArray();
    return SecretBytes.adopt(run(Cipher.DECRYPT_MODE, found, iv, aad, input));
  }

  @Override
  public BackendKeyRef generateKey(NewKey newKey, Deadline by) {
    begin(by);
    if (newKey.lengthBytes() != 32) {
      throw new BackendException.KeyUnusable("only AES-256 here", null);
    }
    // The same version asked for twice, after a lost answer, is one key.
    BackendKeyRef ref = new BackendKeyRef(newKey.version().toString());
    keys.computeIfAbsent(ref, unused -> new SecretKeySpec(randomBytes(32), "AES"));
    return ref;
  }

  @Override
  public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline by) {
    return new BackendKeyInfo(key, find(key, by).getEncoded().length, List.of());
  }

  @Override
  public CheckResult check(Deadline by) {
    return closed ? CheckResult.failed("closed") : CheckResult.ok(keys.size() + " keys");
  }

  @Override
  public void close() {
    closed = true;
  }

  private void begin(Deadline by) {
    if (closed) {
      throw new BackendException.Unavailable("closed", false, null);
    }
    if (by.expired()) {
      throw new BackendException.TimedOut("no time left", null);
    }
  }

  private SecretKey find(BackendKeyRef ref, Deadline by) {
    begin(by);
    SecretKey key = keys.get(ref);
    if (key == null) {
      throw new BackendException.KeyMissing("no key " + ref, null);
    }
    return key;
  }

  private static byte[] run(int mode, SecretKey key, byte[] iv, Bytes aad, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(128, iv));
      cipher.updateAAD(aad.toByteArray());
      return cipher.doFinal(input);
    } catch (AEADBadTagException e) {
      throw new BackendException.AuthenticationTagMismatch("the tag does not fit", e);
    } catch (GeneralSecurityException e) {
      throw new BackendException.Unavailable("AES-GCM failed", true, e);
    }
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
// end snippet
