// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.core.internal.io.DurableFiles;
import org.openekm.core.internal.io.ExclusiveLock;
import org.openekm.spi.backend.BackendKeyRef;

/**
 * The keys of one file, all of them in memory. Every change writes the whole file beside the old
 * one and then takes its place, so that a crash at any moment leaves either all of the old or all
 * of the new. Memory changes after the file, so that nothing is ever acknowledged that is not on
 * the disk.
 *
 * <p>Reading is thread-safe; one thread at a time may change.
 */
final class Keystore implements AutoCloseable {

  private final Path file;
  private final SecureRandom random;
  private final KeystoreFormat format;
  private final byte[] salt;
  private final KekKeys kekKeys;
  private final ExclusiveLock exclusive;
  private final Map<BackendKeyRef, StoredKey> keys = new ConcurrentHashMap<>();
  private long generation;

  private Keystore(Path file, SecureRandom random, Opened opened, ExclusiveLock exclusive) {
    this.file = file;
    this.random = random;
    this.format = opened.format();
    this.salt = opened.salt().toByteArray();
    this.kekKeys = opened.kekKeys();
    this.exclusive = exclusive;
    this.generation = opened.content().generation();
    opened.content().keys().forEach(key -> keys.put(key.ref(), key));
  }

  /**
   * Opens a keystore; makes an empty one if the file is not there.
   *
   * @param kek 32 bytes; stays the caller's
   * @throws IOException with a message for the operator if the file is in use, damaged, of another
   *     key or can't be written
   */
  static Keystore open(Path file, SecretBytes kek, SecureRandom random, GcmCiphers ciphers)
      throws IOException {
    ExclusiveLock exclusive = ExclusiveLock.take(file);
    Keystore keystore = null;
    boolean opened = false;
    try {
      KeystoreFormat format = new KeystoreFormat(ciphers);
      boolean isNew = Files.notExists(file);
      Opened content = isNew ? empty(format, kek, random) : read(file, format, kek);
      keystore = new Keystore(file, random, content, exclusive);
      if (isNew) {
        keystore.persist(Map.of());
      }
      opened = true;
      return keystore;
    } catch (DamagedKeystoreException e) {
      throw new DamagedKeystoreException("keystore " + file + " " + e.getMessage(), e);
    } finally {
      if (!opened) {
        if (keystore != null) {
          keystore.close();
        }
        exclusive.close();
      }
    }
  }

  Optional<StoredKey> find(BackendKeyRef ref) {
    return Optional.ofNullable(keys.get(ref));
  }

  int size() {
    return keys.size();
  }

  Path file() {
    return file;
  }

  /** Adds a key that is not there yet, durably; takes the key over. */
  StoredKey add(StoredKey draft) throws IOException {
    byte[] iv = new byte[GcmCiphers.IV_BYTES];
    random.nextBytes(iv);
    StoredKey entry = format.wrap(draft, iv, kekKeys);
    Map<BackendKeyRef, StoredKey> changed = new LinkedHashMap<>(keys);
    changed.put(entry.ref(), entry);
    persist(changed);
    keys.put(entry.ref(), entry);
    return entry;
  }

  /** Removes a key durably and wipes it; no effect if it is not there. */
  void remove(BackendKeyRef ref) throws IOException {
    if (!keys.containsKey(ref)) {
      return;
    }
    Map<BackendKeyRef, StoredKey> changed = new LinkedHashMap<>(keys);
    changed.remove(ref);
    persist(changed);
    StoredKey removed = keys.remove(ref);
    if (removed != null) {
      removed.key().destroy();
    }
  }

  @Override
  public void close() throws IOException {
    keys.values().forEach(key -> key.key().destroy());
    kekKeys.close();
    exclusive.close();
  }

  private void persist(Map<BackendKeyRef, StoredKey> changed) throws IOException {
    byte[] content = format.write(salt, generation + 1, changed.values(), kekKeys);
    Path next = DurableFiles.sibling(file, ".next");
    boolean written = false;
    try {
      DurableFiles.writeAll(next, ByteBuffer.wrap(content));
      DurableFiles.replace(next, file);
      written = true;
    } finally {
      if (!written) {
        Files.deleteIfExists(next);
      }
    }
    generation++;
  }

  private static Opened empty(KeystoreFormat format, SecretBytes kek, SecureRandom random) {
    byte[] salt = new byte[KeystoreFormat.SALT_BYTES];
    random.nextBytes(salt);
    return new Opened(
        format,
        Bytes.copyOf(salt),
        new KekKeys(kek, salt),
        new KeystoreFormat.Content(0, List.of()));
  }

  private static Opened read(Path file, KeystoreFormat format, SecretBytes kek) throws IOException {
    byte[] content = Files.readAllBytes(file);
    byte[] salt = KeystoreFormat.salt(content);
    KekKeys kekKeys = new KekKeys(kek, salt);
    boolean read = false;
    try {
      Opened opened =
          new Opened(format, Bytes.copyOf(salt), kekKeys, format.read(content, kekKeys));
      read = true;
      return opened;
    } finally {
      if (!read) {
        kekKeys.close();
      }
    }
  }

  private record Opened(
      KeystoreFormat format, Bytes salt, KekKeys kekKeys, KeystoreFormat.Content content) {}
}
