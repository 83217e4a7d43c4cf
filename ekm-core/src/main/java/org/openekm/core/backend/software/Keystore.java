// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
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
 * <p>A keystore is one server's alone, or shared by several: then each change takes a lock for a
 * moment and begins from what is in the file, and a key that is not known is looked for in the
 * file.
 *
 * <p>Reading is thread-safe; one thread at a time may change.
 */
final class Keystore implements AutoCloseable {

  /** How long to wait for another server's change; a change takes milliseconds. */
  private static final Duration TURN = Duration.ofSeconds(2);

  private final Path file;
  private final SecureRandom random;
  private final KeystoreFormat format;
  private final byte[] salt;
  private final KekKeys kekKeys;
  private final Optional<ExclusiveLock> exclusive;
  private final Object reading = new Object();
  private final Map<BackendKeyRef, StoredKey> keys = new ConcurrentHashMap<>();
  private long generation;
  private volatile @Nullable Version seen;

  private Keystore(
      Path file, SecureRandom random, Opened opened, Optional<ExclusiveLock> exclusive) {
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
   * @param shared true to let other servers use it too
   * @throws IOException with a message for the operator if the file is in use, damaged, of another
   *     key or can't be written
   */
  static Keystore open(
      Path file, SecretBytes kek, SecureRandom random, GcmCiphers ciphers, boolean shared)
      throws IOException {
    ExclusiveLock exclusive = shared ? ExclusiveLock.await(file, TURN) : ExclusiveLock.take(file);
    Keystore keystore = null;
    boolean opened = false;
    try {
      KeystoreFormat format = new KeystoreFormat(ciphers);
      boolean isNew = Files.notExists(file);
      Opened content = isNew ? empty(format, kek, random) : read(file, format, kek);
      keystore =
          new Keystore(file, random, content, shared ? Optional.empty() : Optional.of(exclusive));
      if (isNew) {
        keystore.persist(Map.of());
      }
      opened = true;
      return keystore;
    } catch (DamagedKeystoreException e) {
      throw new DamagedKeystoreException("keystore " + file + " " + e.getMessage(), e);
    } finally {
      if (!opened && keystore != null) {
        keystore.close();
      }
      if (!opened || shared) {
        exclusive.close();
      }
    }
  }

  /**
   * Returns a key.
   *
   * @throws UncheckedIOException if it is not known and the file, which others share, can't be read
   */
  Optional<StoredKey> find(BackendKeyRef ref) {
    refresh();
    return Optional.ofNullable(keys.get(ref));
  }

  /** Takes over what other servers have changed; no effect if nobody has. */
  void refresh() {
    if (exclusive.isPresent()) {
      return;
    }
    try {
      if (!Version.of(file).equals(seen)) {
        readAgain();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("keystore " + file + " can't be read again", e);
    }
  }

  private void readAgain() throws IOException {
    synchronized (reading) {
      Version now = Version.of(file);
      if (!now.equals(seen)) {
        takeOver(format.read(Files.readAllBytes(file), kekKeys));
        seen = now;
      }
    }
  }

  /** Keys that are known stay the same objects: ciphers are at work with them. */
  private void takeOver(KeystoreFormat.Content content) {
    Set<BackendKeyRef> there = new HashSet<>();
    for (StoredKey key : content.keys()) {
      there.add(key.ref());
      if (keys.putIfAbsent(key.ref(), key) != null) {
        key.key().destroy();
      }
    }
    keys.forEach(
        (ref, key) -> {
          if (!there.contains(ref) && keys.remove(ref, key)) {
            key.key().destroy();
          }
        });
    generation = content.generation();
  }

  /** Lets no other server change the file until it is closed. */
  Turn turn() throws IOException {
    if (exclusive.isPresent()) {
      return () -> {};
    }
    ExclusiveLock mine = ExclusiveLock.await(file, TURN);
    boolean ready = false;
    try {
      refresh();
      ready = true;
      return mine::close;
    } finally {
      if (!ready) {
        mine.close();
      }
    }
  }

  /** The right to change the file. */
  @FunctionalInterface
  interface Turn {
    void end() throws IOException;
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
    synchronized (reading) {
      Map<BackendKeyRef, StoredKey> changed = new LinkedHashMap<>(keys);
      changed.put(entry.ref(), entry);
      persist(changed);
      keys.put(entry.ref(), entry);
    }
    return entry;
  }

  /** Removes a key durably and wipes it; no effect if it is not there. */
  void remove(BackendKeyRef ref) throws IOException {
    synchronized (reading) {
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
  }

  @Override
  public void close() throws IOException {
    keys.values().forEach(key -> key.key().destroy());
    kekKeys.close();
    if (exclusive.isPresent()) {
      exclusive.get().close();
    }
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

  /** Tells one state of the file from another: each change makes a new file in its place. */
  private record Version(@Nullable Object file, FileTime modified) {

    static Version of(Path file) throws IOException {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(now.fileKey(), now.lastModifiedTime());
    }
  }

  private record Opened(
      KeystoreFormat format, Bytes salt, KekKeys kekKeys, KeystoreFormat.Content content) {}
}
