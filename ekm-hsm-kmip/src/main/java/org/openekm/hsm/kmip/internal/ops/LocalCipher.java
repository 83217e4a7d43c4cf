// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.internal.client.ProtocolVersion;
import org.openekm.hsm.kmip.internal.client.Result;
import org.openekm.hsm.kmip.internal.client.Session;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;
import org.openekm.hsm.kmip.internal.ttlv.TtlvException;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;

/**
 * AES-GCM computed here, with the key fetched for each call and wiped after it: for servers that
 * only keep keys. A server gives out keys that are not active too, so the state is read along.
 */
final class LocalCipher implements KeyCipher {

  private static final int TAG_BITS = 128;

  @Override
  public BackendCiphertext encrypt(
      Session session, String key, SecretBytes plaintext, Bytes iv, Bytes aad) {
    byte[] data = plaintext.toByteArray();
    try {
      byte[] out = compute(session, key, new Input(Cipher.ENCRYPT_MODE, iv, aad), data);
      return new BackendCiphertext(
          iv,
          Bytes.copyOf(out, 0, data.length),
          Bytes.copyOf(out, data.length, GcmCipher.TAG_BYTES));
    } catch (AEADBadTagException e) {
      throw new IllegalStateException("an encryption has no tag to check", e);
    } finally {
      Arrays.fill(data, (byte) 0);
    }
  }

  @Override
  public SecretBytes decrypt(Session session, String key, Sealed sealed, Bytes aad) {
    int length = sealed.ciphertext().length();
    byte[] data = Arrays.copyOf(sealed.ciphertext().toByteArray(), length + GcmCipher.TAG_BYTES);
    sealed.tag().copyTo(data, length);
    try {
      return SecretBytes.adopt(
          compute(session, key, new Input(Cipher.DECRYPT_MODE, sealed.iv(), aad), data));
    } catch (AEADBadTagException e) {
      throw new BackendException.AuthenticationTagMismatch("the tag does not fit", e);
    }
  }

  private record Input(int mode, Bytes iv, Bytes aad) {}

  private static byte[] compute(Session session, String key, Input input, byte[] data)
      throws AEADBadTagException {
    byte[] material = fetch(session, key);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          input.mode(),
          new SecretKeySpec(material, "AES"),
          new GCMParameterSpec(TAG_BITS, input.iv().toByteArray()));
      cipher.updateAAD(input.aad().toByteArray());
      return cipher.doFinal(data);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new BackendException.KeyUnusable("key " + key + " is no AES key", e);
    } finally {
      Arrays.fill(material, (byte) 0);
    }
  }

  private static byte[] fetch(Session session, String key) {
    ProtocolVersion version = session.info().version();
    List<Result> results =
        session.sendAll(List.of(Requests.getAttributes(version, key, false), Requests.get(key)));
    KeyFacts facts = Attributes.facts(version, results.get(0).payload());
    Ttlv given = results.get(1).payload();
    try {
      if (facts.state().isEmpty()) {
        throw new TtlvException("the server does not tell the state of the key");
      }
      FaultTable.requireUsable(key, facts);
      return given
          .get(Tag.SYMMETRIC_KEY)
          .get(Tag.KEY_BLOCK)
          .get(Tag.KEY_VALUE)
          .get(Tag.KEY_MATERIAL)
          .asBytes()
          .clone();
    } finally {
      given.wipe();
    }
  }
}
