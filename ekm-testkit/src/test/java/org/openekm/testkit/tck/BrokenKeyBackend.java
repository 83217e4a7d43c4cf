// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendException.KeyMissing;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.NewKey;
import org.openekm.testkit.fake.FakeKeyBackend;

/** A backend with one thing wrong in its keys, limits, times or health. */
final class BrokenKeyBackend extends ForwardingBackend {

  /** What is wrong. */
  enum Flaw {
    DECLARES_A_LENGTH_IT_LACKS,
    HIDES_A_FEATURE_IT_HAS,
    GENERATES_TWO_KEYS_FOR_ONE_VERSION,
    GENERATES_ONE_KEY_PER_LABEL,
    FORGETS_VERSIONS_ON_OPEN,
    FAILS_ON_ODD_LABELS,
    PADS_IMPORTED_MATERIAL,
    KEEPS_WRONG_MATERIAL,
    DESTROYS_IMPORTED_MATERIAL,
    DESTROYS_NOTHING,
    DESTROYING_TWICE_FAILS,
    DESTROYS_ALL_KEYS,
    CACHES_KEYS_THAT_ARE_DESTROYED,
    MISSING_KEY_IS_UNAVAILABLE,
    CHOKES_ON_ODD_REFERENCES,
    INSPECTS_WRONG_LENGTH,
    RANDOM_IS_CONSTANT,
    RANDOM_IS_SHORT,
    HANGS_PAST_THE_DEADLINE,
    CHECK_IS_ALWAYS_BAD,
    CHECK_THROWS,
    WORKS_AFTER_CLOSE,
    CLOSE_TWICE_THROWS,
    CLOSES_EVERYBODY
  }

  private final Flaw flaw;
  private final Map<BackendKeyRef, SecretBytes> cached = new ConcurrentHashMap<>();
  private boolean closed;

  BrokenKeyBackend(FakeKeyBackend device, Flaw flaw) {
    super(flaw == Flaw.CLOSES_EVERYBODY ? device : device.reopen());
    this.flaw = flaw;
  }

  @Override
  public Capabilities capabilities() {
    Capabilities real = right.capabilities();
    return switch (flaw) {
      case DECLARES_A_LENGTH_IT_LACKS -> with(real, Set.of(16, 24, 32), real.features());
      case HIDES_A_FEATURE_IT_HAS ->
          with(
              real,
              real.keyLengths(),
              EnumSet.complementOf(EnumSet.of(BackendFeature.RANDOM_BYTES)));
      default -> real;
    };
  }

  @Override
  public BackendCiphertext encrypt(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    beforeUse(key, deadline);
    try {
      BackendCiphertext made = right.encrypt(key, plaintext, aad, deadline);
      right.material(key).ifPresent(material -> cached.put(key, material));
      return made;
    } catch (KeyMissing e) {
      if (flaw == Flaw.CACHES_KEYS_THAT_ARE_DESTROYED && cached.containsKey(key)) {
        right.putKey(key, cached.get(key));
        return right.encrypt(key, plaintext, aad, deadline);
      }
      throw missing(e);
    }
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed parts, Bytes aad, Deadline deadline) {
    beforeUse(key, deadline);
    try {
      return right.decrypt(key, parts, aad, deadline);
    } catch (KeyMissing e) {
      throw missing(e);
    }
  }

  @Override
  public SecretBytes randomBytes(int length, Deadline deadline) {
    return switch (flaw) {
      case RANDOM_IS_CONSTANT -> SecretBytes.adopt(constant(length));
      case RANDOM_IS_SHORT -> right.randomBytes(Math.min(length, 256), deadline);
      default -> right.randomBytes(length, deadline);
    };
  }

  @Override
  public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
    return switch (flaw) {
      case GENERATES_TWO_KEYS_FOR_ONE_VERSION ->
          right.generateKey(asVersion(newKey, UUID.randomUUID()), deadline);
      case GENERATES_ONE_KEY_PER_LABEL ->
          right.generateKey(
              asVersion(newKey, new UUID(newKey.label().hashCode(), newKey.lengthBytes())),
              deadline);
      case FORGETS_VERSIONS_ON_OPEN -> right.generateKey(asVersion(newKey, own(newKey)), deadline);
      case FAILS_ON_ODD_LABELS -> generatePlain(newKey, deadline);
      default -> right.generateKey(newKey, deadline);
    };
  }

  @Override
  public BackendKeyRef importKey(NewKey newKey, SecretBytes material, Deadline deadline) {
    return switch (flaw) {
      case PADS_IMPORTED_MATERIAL ->
          right.importKey(newKey, padded(material, newKey.lengthBytes()), deadline);
      case KEEPS_WRONG_MATERIAL -> importTooEarly(newKey, material, deadline);
      case DESTROYS_IMPORTED_MATERIAL -> importAndDestroy(newKey, material, deadline);
      default -> right.importKey(newKey, material, deadline);
    };
  }

  @Override
  public void destroyKey(BackendKeyRef key, Deadline deadline) {
    switch (flaw) {
      case DESTROYS_NOTHING -> right.check(deadline);
      case DESTROYING_TWICE_FAILS -> {
        right.inspectKey(key, deadline);
        right.destroyKey(key, deadline);
      }
      case DESTROYS_ALL_KEYS -> {
        cached.keySet().forEach(any -> right.destroyKey(any, deadline));
        right.destroyKey(key, deadline);
      }
      default -> right.destroyKey(key, deadline);
    }
  }

  @Override
  public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
    beforeUse(key, deadline);
    try {
      BackendKeyInfo info = right.inspectKey(key, deadline);
      return flaw == Flaw.INSPECTS_WRONG_LENGTH ? new BackendKeyInfo(key, 256, List.of()) : info;
    } catch (KeyMissing e) {
      throw missing(e);
    }
  }

  @Override
  public CheckResult check(Deadline deadline) {
    if (flaw == Flaw.CHECK_THROWS && deadline.expired()) {
      throw new BackendException.TimedOut("too late", null);
    }
    return flaw == Flaw.CHECK_IS_ALWAYS_BAD ? CheckResult.failed("bad") : right.check(deadline);
  }

  @Override
  public void close() {
    if (closed && flaw == Flaw.CLOSE_TWICE_THROWS) {
      throw new BackendException.Unavailable("already closed", false, null);
    }
    closed = true;
    if (flaw != Flaw.WORKS_AFTER_CLOSE) {
      right.close();
    }
  }

  private void beforeUse(BackendKeyRef key, Deadline deadline) {
    if (flaw == Flaw.HANGS_PAST_THE_DEADLINE && deadline.expired()) {
      long end = System.nanoTime() + 3_000_000_000L;
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(1_000_000);
      }
    }
    if (flaw == Flaw.CHOKES_ON_ODD_REFERENCES && !key.value().matches("[0-9a-z-]{2,100}")) {
      throw new NumberFormatException("not a number: " + key);
    }
  }

  private BackendException missing(KeyMissing e) {
    return flaw == Flaw.MISSING_KEY_IS_UNAVAILABLE
        ? new BackendException.Unavailable("no key", true, e)
        : e;
  }

  private BackendKeyRef generatePlain(NewKey newKey, Deadline deadline) {
    if (!newKey.label().matches("[A-Za-z0-9 ]+")) {
      throw new BackendException.Misconfigured("bad label", null);
    }
    return right.generateKey(newKey, deadline);
  }

  private BackendKeyRef importTooEarly(NewKey newKey, SecretBytes material, Deadline deadline) {
    BackendKeyRef ref = right.importKey(newKey, padded(material, newKey.lengthBytes()), deadline);
    if (material.length() != newKey.lengthBytes()) {
      throw new BackendException.KeyUnusable("wrong length", null);
    }
    return ref;
  }

  private BackendKeyRef importAndDestroy(NewKey newKey, SecretBytes material, Deadline deadline) {
    try (material) {
      return right.importKey(newKey, material, deadline);
    }
  }

  /** A version id that only this backend would give to the asked one. */
  private UUID own(NewKey newKey) {
    UUID asked = newKey.version().value();
    return new UUID(
        asked.getMostSignificantBits() ^ System.identityHashCode(this),
        asked.getLeastSignificantBits());
  }

  private static NewKey asVersion(NewKey newKey, UUID version) {
    return new NewKey(new KeyVersionId(version), newKey.label(), newKey.lengthBytes());
  }

  private static SecretBytes padded(SecretBytes material, int length) {
    return SecretBytes.adopt(Arrays.copyOf(material.toByteArray(), length));
  }

  private static byte[] constant(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + 7);
    }
    return bytes;
  }

  private static Capabilities with(
      Capabilities real, Set<Integer> lengths, Set<BackendFeature> features) {
    return new Capabilities(
        real.ivSource(),
        real.maxPlaintextBytes(),
        real.maxAadBytes(),
        lengths,
        features,
        real.maxConcurrentCalls());
  }
}
