// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.openekm.api.Bytes;
import org.openekm.api.KeyVersionId;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendException.AuthenticationTagMismatch;

/**
 * The layout of a keystore file, numbers big-endian:
 *
 * <pre>
 * 8 bytes   magic "OEKMKEYS"
 * 4         version of the format, 1
 * 16        salt
 * 32        check value of the key-encryption key
 * 8         how often the file has been written
 * 4         number of keys
 * per key   version id (16), label (UTF-8 with 2 bytes of length), created at (8), key length (4),
 *           IV (12), AES-256-GCM of the key with the fields before the IV as AAD (key length + 16)
 * 32        HMAC-SHA256 of everything before
 * </pre>
 *
 * <p>The code at the end covers the whole file, so that no entry can be dropped, exchanged or
 * brought back from an older file.
 */
final class KeystoreFormat {

  static final int SALT_BYTES = 16;

  private static final byte[] MAGIC = "OEKMKEYS".getBytes(US_ASCII);
  private static final int VERSION = 1;
  private static final int MAC_BYTES = 32;
  private static final int CHECK_BYTES = 32;
  private static final int SALT_AT = MAGIC.length + Integer.BYTES;
  private static final int CHECK_AT = SALT_AT + SALT_BYTES;
  private static final int BODY_AT = CHECK_AT + CHECK_BYTES;
  private static final int MIN_LENGTH = BODY_AT + Long.BYTES + Integer.BYTES + MAC_BYTES;

  private final GcmCiphers ciphers;

  KeystoreFormat(GcmCiphers ciphers) {
    this.ciphers = ciphers;
  }

  /**
   * What a file holds.
   *
   * @param generation how often the file has been written
   * @param keys its keys
   */
  record Content(long generation, List<StoredKey> keys) {}

  /** Returns the salt of a file, after a look at what is not secret. */
  static byte[] salt(byte[] file) throws DamagedKeystoreException {
    if (file.length < MIN_LENGTH || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new DamagedKeystoreException("is not a keystore of this server");
    }
    int version = ByteBuffer.wrap(file).getInt(MAGIC.length);
    if (version != VERSION) {
      throw new DamagedKeystoreException(
          "has format "
              + version
              + ", but this server knows format "
              + VERSION
              + "; use the server that wrote it");
    }
    return Arrays.copyOfRange(file, SALT_AT, CHECK_AT);
  }

  /** Reads a file whose salt has been looked at. */
  Content read(byte[] file, KekKeys keys) throws DamagedKeystoreException {
    if (!MessageDigest.isEqual(Arrays.copyOfRange(file, CHECK_AT, BODY_AT), keys.checkValue())) {
      throw new DamagedKeystoreException(
          "was made with another key-encryption key; point the setting kek to the right one");
    }
    int bodyEnd = file.length - MAC_BYTES;
    byte[] mac = Arrays.copyOfRange(file, bodyEnd, file.length);
    if (!MessageDigest.isEqual(mac, keys.mac(file, bodyEnd))) {
      throw new DamagedKeystoreException(
          "has been changed or damaged; put a good copy in its place");
    }
    List<StoredKey> entries = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(file, BODY_AT, bodyEnd - BODY_AT))) {
      long generation = in.readLong();
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        entries.add(readKey(in, keys));
      }
      return new Content(generation, entries);
    } catch (IOException | IllegalArgumentException | AuthenticationTagMismatch e) {
      entries.forEach(entry -> entry.key().destroy());
      throw new DamagedKeystoreException(
          "holds an entry that can't be read; put a good copy in its place", e);
    }
  }

  byte[] write(byte[] salt, long generation, Collection<StoredKey> entries, KekKeys keys)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.write(salt);
    out.write(keys.checkValue());
    out.writeLong(generation);
    out.writeInt(entries.size());
    for (StoredKey entry : entries) {
      out.write(
          metadata(
              entry.version(), entry.label(), entry.createdAtMillis(), entry.key().lengthBytes()));
      out.write(entry.wrapIv().toByteArray());
      out.write(entry.wrapped().toByteArray());
    }
    byte[] body = bytes.toByteArray();
    out.write(keys.mac(body, body.length));
    return bytes.toByteArray();
  }

  /** Makes an entry of a new key; takes the key over. */
  StoredKey wrap(StoredKey draft, byte[] iv, KekKeys keys) throws IOException {
    byte[] material = draft.key().getEncoded();
    try {
      byte[] aad =
          metadata(draft.version(), draft.label(), draft.createdAtMillis(), material.length);
      byte[] wrapped = ciphers.encrypt(keys.wrappingKey(), iv, aad, material);
      return new StoredKey(
          draft.version(),
          draft.label(),
          draft.createdAtMillis(),
          Bytes.copyOf(iv),
          Bytes.adopt(wrapped),
          draft.key());
    } finally {
      Arrays.fill(material, (byte) 0);
    }
  }

  private StoredKey readKey(DataInputStream in, KekKeys keys) throws IOException {
    KeyVersionId version = new KeyVersionId(new UUID(in.readLong(), in.readLong()));
    String label = in.readUTF();
    long createdAt = in.readLong();
    int length = in.readInt();
    if (length != 16 && length != 24 && length != 32) {
      throw new IOException("an AES key of " + length + " bytes");
    }
    byte[] iv = in.readNBytes(GcmCiphers.IV_BYTES);
    byte[] wrapped = in.readNBytes(length + GcmCiphers.TAG_BYTES);
    byte[] aad = metadata(version, label, createdAt, length);
    SecretBytes material = ciphers.decrypt(keys.wrappingKey(), iv, aad, wrapped);
    return new StoredKey(
        version, label, createdAt, Bytes.adopt(iv), Bytes.adopt(wrapped), new AesKey(material));
  }

  private static byte[] metadata(KeyVersionId version, String label, long createdAt, int length)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(version.value().getMostSignificantBits());
    out.writeLong(version.value().getLeastSignificantBits());
    out.writeUTF(label);
    out.writeLong(createdAt);
    out.writeInt(length);
    return bytes.toByteArray();
  }
}
