// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/** The hooks of {@link KeyBackendTck} and what its parts share. */
abstract class KeyBackendFixture {

  /** Larger plaintexts and AADs than these are not tried, even where the device takes them. */
  private static final int LARGEST_PLAINTEXT = 1 << 20;

  private static final int LARGEST_AAD = 1 << 16;

  private static final List<Integer> SIZES =
      List.of(0, 1, 12, 15, 16, 17, 31, 32, 33, 255, 256, 257, 1000, 4095, 4096, 4097);

  private final List<BackendKeyRef> made = Collections.synchronizedList(new ArrayList<>());
  private final List<KeyBackend> opened = new CopyOnWriteArrayList<>();
  private final Random random = new Random();
  private int preparedUsed;
  private KeyBackend backend;

  /**
   * Opens a backend. Called before each test and, inside some tests, a second time: both must then
   * work on the same device and see the same keys. The kit closes every backend that it has opened.
   */
  protected abstract KeyBackend createBackend();

  /**
   * Returns how long one call may take on your device. It is the budget of the deadlines that the
   * kit sets, and a call that has not come back after twice this time counts as hanging. 5 seconds
   * unless overridden.
   */
  protected Duration callBudget() {
    return Duration.ofSeconds(5);
  }

  /**
   * Returns AES keys that you have put into the device, for a backend that can neither generate nor
   * import keys: at least two, of the longest length that the capabilities name. The kit never
   * destroys them. Empty unless overridden.
   */
  protected List<BackendKeyRef> preparedKeys() {
    return List.of();
  }

  /**
   * Returns a well-formed reference to a key that doesn't exist. A random number of 32 hexadecimal
   * digits unless overridden; do so if your references have another form.
   */
  protected BackendKeyRef missingKey() {
    return new BackendKeyRef(UUID.randomUUID().toString().replace("-", ""));
  }

  /**
   * Returns a key that exists but can't be used for AES-GCM, such as an RSA key or a deactivated
   * one; the tests that need it are aborted if there is none. Absent unless overridden.
   */
  protected Optional<BackendKeyRef> unusableKey() {
    return Optional.empty();
  }

  /**
   * Returns true if a key made through one backend is there for the next one that {@link
   * #createBackend} opens. True unless overridden; only a backend for tests has a reason to say no.
   */
  protected boolean keysAreShared() {
    return true;
  }

  /**
   * Returns how many encryptions the run takes that looks for a repeated IV. 1,000 unless
   * overridden.
   */
  protected int ivRunLength() {
    return 1_000;
  }

  /** Opens the backend of the test. */
  @BeforeEach
  protected void openBackend() {
    backend = open();
  }

  /** Destroys the keys that the test has made and closes what it has opened. */
  @AfterEach
  protected void cleanUp() {
    try {
      if (!made.isEmpty()) {
        destroyMadeKeys();
      }
    } finally {
      opened.forEach(KeyBackend::close);
    }
  }

  private void destroyMadeKeys() {
    KeyBackend cleaner = keysAreShared() ? open() : backend;
    if (cleaner.capabilities().has(BackendFeature.DESTROY_KEY)) {
      made.forEach(key -> cleaner.destroyKey(key, soon()));
    }
  }

  final KeyBackend backend() {
    return backend;
  }

  final KeyBackend open() {
    KeyBackend fresh = createBackend();
    opened.add(fresh);
    return fresh;
  }

  final KeyBackend openSecond() {
    assumeTrue(keysAreShared(), "two backends share no keys here");
    return open();
  }

  final Deadline soon() {
    return Deadline.after(callBudget(), NanoClock.system());
  }

  final Deadline passed() {
    return Deadline.after(Duration.ZERO, NanoClock.system());
  }

  final Duration hangLimit() {
    return callBudget().multipliedBy(2);
  }

  final void assumeFeature(BackendFeature feature) {
    assumeTrue(backend.capabilities().has(feature), () -> "the backend can't " + feature);
  }

  final int longestKey() {
    return Collections.max(backend.capabilities().keyLengths());
  }

  final NewKey newKey(int lengthBytes) {
    return new NewKey(new KeyVersionId(UUID.randomUUID()), "ekm tck", lengthBytes);
  }

  /** Returns a key to work with: generated, imported or prepared, whatever the backend can do. */
  final BackendKeyRef someKey() {
    if (backend.capabilities().has(BackendFeature.GENERATE_KEY)) {
      return generate(newKey(longestKey()));
    }
    if (backend.capabilities().has(BackendFeature.IMPORT_KEY)) {
      try (SecretBytes material = secret(longestKey())) {
        return importKey(newKey(longestKey()), material);
      }
    }
    List<BackendKeyRef> prepared = preparedKeys();
    assumeTrue(
        preparedUsed < prepared.size(),
        "the backend can't make keys and preparedKeys() has no more");
    return prepared.get(preparedUsed++);
  }

  final BackendKeyRef generate(NewKey newKey) {
    return tracked(backend.generateKey(newKey, soon()));
  }

  final BackendKeyRef importKey(NewKey newKey, SecretBytes material) {
    return tracked(backend.importKey(newKey, material, soon()));
  }

  /** Imports a key of the given material and returns its reference. */
  final BackendKeyRef importMaterial(byte[] material) {
    assumeFeature(BackendFeature.IMPORT_KEY);
    assumeTrue(
        backend.capabilities().keyLengths().contains(material.length), "no keys of this length");
    try (SecretBytes secret = SecretBytes.copyOf(material)) {
      return importKey(newKey(material.length), secret);
    }
  }

  final BackendKeyRef tracked(BackendKeyRef key) {
    made.add(key);
    return key;
  }

  final BackendCiphertext encrypt(BackendKeyRef key, byte[] plaintext, byte[] aad) {
    try (SecretBytes secret = SecretBytes.copyOf(plaintext)) {
      return backend.encrypt(key, secret, Bytes.copyOf(aad), soon());
    }
  }

  final byte[] decrypt(BackendKeyRef key, Sealed sealed, byte[] aad) {
    try (SecretBytes plaintext = backend.decrypt(key, sealed, Bytes.copyOf(aad), soon())) {
      return plaintext.toByteArray();
    }
  }

  final byte[] randomArray(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  final SecretBytes secret(int length) {
    return SecretBytes.adopt(randomArray(length));
  }

  final List<Integer> plaintextSizes() {
    return sizes(1, Math.min(backend.capabilities().maxPlaintextBytes(), LARGEST_PLAINTEXT));
  }

  final List<Integer> aadSizes() {
    return sizes(0, Math.min(backend.capabilities().maxAadBytes(), LARGEST_AAD));
  }

  /** Returns a usual plaintext length that the backend takes: that of a data key, if it can. */
  final int usualLength() {
    return Math.min(32, backend.capabilities().maxPlaintextBytes());
  }

  /** Returns a usual AAD length that the backend takes. */
  final int usualAad() {
    return Math.min(20, backend.capabilities().maxAadBytes());
  }

  static Sealed parts(BackendCiphertext made) {
    return new Sealed(made.iv(), made.ciphertext(), made.tag());
  }

  private static List<Integer> sizes(int smallest, int largest) {
    List<Integer> sizes = new ArrayList<>(SIZES);
    sizes.add(largest);
    return sizes.stream().filter(size -> size >= smallest && size <= largest).distinct().toList();
  }
}
