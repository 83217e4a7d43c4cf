// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.internal.client.KmipOperation;
import org.openekm.hsm.kmip.internal.client.RequestItem;
import org.openekm.hsm.kmip.internal.client.Session;
import org.openekm.hsm.kmip.internal.client.TransportException;
import org.openekm.hsm.kmip.internal.client.TransportException.Kind;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;
import org.openekm.hsm.kmip.internal.ttlv.TtlvException;
import org.openekm.spi.backend.BackendCiphertext;

/**
 * AES-GCM computed by the server. All parameters are named in every request and every length is
 * looked at in the answer: servers differ in what they take for granted.
 */
final class GcmCipher implements KeyCipher {

  static final int IV_BYTES = 12;
  static final int TAG_BYTES = 16;

  private static final int GCM = 9;

  @Override
  public BackendCiphertext encrypt(
      Session session, String key, SecretBytes plaintext, Bytes iv, Bytes aad) {
    requireGcm(session, aad);
    byte[] data = plaintext.toByteArray();
    try {
      return encrypted(session, session.send(encryption(key, data, iv, aad)), data.length, iv);
    } finally {
      Arrays.fill(data, (byte) 0);
    }
  }

  @Override
  public SecretBytes decrypt(Session session, String key, Sealed sealed, Bytes aad) {
    requireGcm(session, aad);
    RequestItem item = decryption(key, sealed, aad, session.quirks().tagAppended());
    return decrypted(session.send(item), sealed.ciphertext().length());
  }

  /** Returns a request; the data is taken over. */
  static RequestItem encryption(String key, byte[] data, Bytes iv, Bytes aad) {
    List<Ttlv> fields = new ArrayList<>();
    fields.add(Requests.identifier(key));
    fields.add(parameters());
    fields.add(Ttlv.bytes(Tag.DATA, data));
    fields.add(Ttlv.bytes(Tag.IV_COUNTER_NONCE, iv.toByteArray()));
    if (!aad.isEmpty()) {
      fields.add(Ttlv.bytes(Tag.AUTHENTICATED_ENCRYPTION_ADDITIONAL_DATA, aad.toByteArray()));
    }
    return RequestItem.of(KmipOperation.ENCRYPT, fields);
  }

  /** Reads the answer to {@link #encryption}. */
  static BackendCiphertext encrypted(Session session, Ttlv payload, int length, Bytes iv) {
    Optional<Bytes> usedIv =
        payload.find(Tag.IV_COUNTER_NONCE).map(Ttlv::asBytes).map(Bytes::copyOf);
    requireAnswer(usedIv.map(iv::equals).orElse(true), "the server used another IV");
    byte[] data = payload.get(Tag.DATA).asBytes();
    if (session.quirks().tagAppended()) {
      requireAnswer(data.length == length + TAG_BYTES, "no tag of 16 bytes behind the ciphertext");
      return new BackendCiphertext(
          iv, Bytes.copyOf(data, 0, length), Bytes.copyOf(data, length, TAG_BYTES));
    }
    requireAnswer(data.length == length, "the ciphertext has another length than the plaintext");
    byte[] tag = payload.get(Tag.AUTHENTICATED_ENCRYPTION_TAG).asBytes();
    requireAnswer(tag.length == TAG_BYTES, "the tag has " + tag.length + " bytes, not 16");
    return new BackendCiphertext(iv, Bytes.copyOf(data), Bytes.copyOf(tag));
  }

  /** Returns a request. */
  static RequestItem decryption(String key, Sealed sealed, Bytes aad, boolean tagAppended) {
    byte[] data = sealed.ciphertext().toByteArray();
    if (tagAppended) {
      data = Arrays.copyOf(data, data.length + sealed.tag().length());
      sealed.tag().copyTo(data, sealed.ciphertext().length());
    }
    List<Ttlv> fields = new ArrayList<>();
    fields.add(Requests.identifier(key));
    fields.add(parameters());
    fields.add(Ttlv.bytes(Tag.DATA, data));
    fields.add(Ttlv.bytes(Tag.IV_COUNTER_NONCE, sealed.iv().toByteArray()));
    if (!aad.isEmpty()) {
      fields.add(Ttlv.bytes(Tag.AUTHENTICATED_ENCRYPTION_ADDITIONAL_DATA, aad.toByteArray()));
    }
    if (!tagAppended) {
      fields.add(Ttlv.bytes(Tag.AUTHENTICATED_ENCRYPTION_TAG, sealed.tag().toByteArray()));
    }
    return RequestItem.of(KmipOperation.DECRYPT, fields);
  }

  /** Reads the answer to {@link #decryption}, and wipes it. */
  static SecretBytes decrypted(Ttlv payload, int length) {
    try {
      byte[] data = payload.get(Tag.DATA).asBytes();
      requireAnswer(data.length == length, "the plaintext has another length than the ciphertext");
      return SecretBytes.copyOf(data);
    } finally {
      payload.wipe();
    }
  }

  private static Ttlv parameters() {
    return Ttlv.structure(
        Tag.CRYPTOGRAPHIC_PARAMETERS,
        Ttlv.enumeration(Tag.BLOCK_CIPHER_MODE, GCM),
        Ttlv.enumeration(Tag.CRYPTOGRAPHIC_ALGORITHM, KeyFacts.AES),
        Ttlv.integer(Tag.TAG_LENGTH, TAG_BYTES));
  }

  static void requireGcm(Session session, Bytes aad) {
    boolean appended = session.quirks().tagAppended();
    if (!session.info().version().hasAuthenticatedEncryption() && !appended) {
      throw new TransportException(
          Kind.SETTINGS,
          session.server()
              + " speaks KMIP "
              + session.info().version()
              + ", whose encryption has neither AAD nor tag; 1.4 is needed, or 'mode: local-crypto'",
          null);
    }
    if (appended && !aad.isEmpty()) {
      throw new TransportException(
          Kind.SETTINGS, session.server() + " takes no additional data ('tag-appended')", null);
    }
  }

  private static void requireAnswer(boolean right, String otherwise) {
    if (!right) {
      throw new TtlvException(otherwise);
    }
  }
}
