// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest;
import org.openekm.api.DecryptResult;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.EncryptRequest;
import org.openekm.api.EncryptResult;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.RandomBytesRequest;
import org.openekm.api.RandomBytesResult;
import org.openekm.api.SecretBytes;
import org.openekm.core.backend.BackendRegistry;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.KeyUsageCounter;
import org.openekm.core.catalog.ServingRules;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.store.KeyVersionRecord;

/** The three operations that use a key, on behalf of somebody who has been admitted. */
final class KeyOperations {

  private static final int IV_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int MOST_RANDOM_BYTES = 1024;

  private final BackendRegistry backends;
  private final KeyUsageCounter usage;
  private final CallEnvironment environment;
  private final boolean sealRandomBytes;

  KeyOperations(
      BackendRegistry backends,
      KeyUsageCounter usage,
      CallEnvironment environment,
      boolean sealRandomBytes) {
    this.backends = backends;
    this.usage = usage;
    this.environment = environment;
    this.sealRandomBytes = sealRandomBytes;
  }

  EncryptResult encrypt(CallRecord call, KeyEntry key, EncryptRequest request, Deadline deadline) {
    requireRule(request.plaintext().length() > 0, "plaintext", "must be at least 1 byte");
    KeyVersionRecord version = chosen(key, request.version());
    call.used(version.id());
    return encrypt(version, request.plaintext(), request.aad(), deadline);
  }

  /**
   * Without a version in the request, one that can't be tried just now does not keep the others
   * from being tried: its failure is the answer only if none of them fits.
   */
  DecryptResult decrypt(CallRecord call, KeyEntry key, DecryptRequest request, Deadline deadline) {
    requireParts(request.sealed());
    List<KeyVersionRecord> candidates = candidates(key, request);
    @Nullable RuntimeException untried = null;
    for (KeyVersionRecord version : candidates) {
      try {
        if (candidates.size() > 1 && !mayHaveMade(version, request)) {
          continue;
        }
        Optional<SecretBytes> plaintext = opened(version, request, deadline);
        if (plaintext.isPresent()) {
          call.used(version.id());
          return new DecryptResult(version.id(), plaintext.get());
        }
      } catch (BackendException | EkmException e) {
        untried = untried == null ? e : untried;
      }
    }
    if (untried != null) {
      throw untried;
    }
    throw nothingFits(key, request, candidates.size());
  }

  /** Whether a disabled version would fit is not tried, so it can't be said that none does. */
  private static EkmException nothingFits(KeyEntry key, DecryptRequest request, int tried) {
    boolean disabled =
        request.version().isEmpty()
            && key.newestFirst().stream().anyMatch(each -> each.state() == KeyState.DISABLED);
    String text = "the tag fits none of " + tried + " key versions";
    return disabled
        ? new EkmException(
            EkmErrorCode.KEY_NOT_ACTIVE, text + " that are active; others are disabled")
        : new EkmException(EkmErrorCode.DECRYPTION_FAILED, text);
  }

  private List<KeyVersionRecord> candidates(KeyEntry key, DecryptRequest request) {
    if (request.version().isPresent()) {
      return List.of(chosen(key, request.version()));
    }
    List<KeyVersionRecord> active = ServingRules.decryptionOrder(key);
    return active.isEmpty() ? List.of(ServingRules.currentVersion(key)) : active;
  }

  /** A version whose backend does not take so much data at once did not make the ciphertext. */
  private boolean mayHaveMade(KeyVersionRecord version, DecryptRequest request) {
    Capabilities limits = backends.get(version.backend()).capabilities();
    return request.sealed().ciphertext().length() <= limits.maxPlaintextBytes()
        && request.aad().length() <= limits.maxAadBytes();
  }

  RandomBytesResult randomBytes(
      CallRecord call, KeyEntry key, RandomBytesRequest request, Deadline deadline) {
    requireRule(
        request.length() >= 1 && request.length() <= MOST_RANDOM_BYTES,
        "length",
        "must be 1 to " + MOST_RANDOM_BYTES + " bytes");
    KeyVersionRecord version = chosen(key, request.version());
    call.used(version.id());
    SecretBytes random = random(backends.get(version.backend()), request.length(), deadline);
    if (!sealRandomBytes) {
      return new RandomBytesResult(version.id(), random, Optional.empty());
    }
    try {
      EncryptResult sealed = encrypt(version, random, request.aad(), deadline);
      return new RandomBytesResult(version.id(), random, Optional.of(sealed));
    } catch (RuntimeException e) {
      random.destroy();
      throw e;
    }
  }

  private EncryptResult encrypt(
      KeyVersionRecord version, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    KeyBackend backend = backends.get(version.backend());
    requireAtMost("plaintext", plaintext.length(), backend.capabilities().maxPlaintextBytes());
    requireAtMost("aad", aad.length(), backend.capabilities().maxAadBytes());
    requireTime(deadline);
    usage.countEncryption(version.id(), deadline);
    BackendCiphertext sealed = backend.encrypt(version.ref(), plaintext, aad, deadline);
    return new EncryptResult(version.id(), sealed.iv(), sealed.ciphertext(), sealed.tag());
  }

  /** Without a version in the request an older one may fit; the tag makes trying them safe. */
  private Optional<SecretBytes> opened(
      KeyVersionRecord version, DecryptRequest request, Deadline deadline) {
    KeyBackend backend = backends.get(version.backend());
    requireAtMost(
        "ciphertext",
        request.sealed().ciphertext().length(),
        backend.capabilities().maxPlaintextBytes());
    requireAtMost("aad", request.aad().length(), backend.capabilities().maxAadBytes());
    requireTime(deadline);
    try {
      return Optional.of(backend.decrypt(version.ref(), request.sealed(), request.aad(), deadline));
    } catch (BackendException.AuthenticationTagMismatch e) {
      return Optional.empty();
    }
  }

  private SecretBytes random(KeyBackend backend, int length, Deadline deadline) {
    requireTime(deadline);
    if (backend.capabilities().has(BackendFeature.RANDOM_BYTES)) {
      return backend.randomBytes(length, deadline);
    }
    byte[] bytes = new byte[length];
    environment.random().nextBytes(bytes);
    return SecretBytes.adopt(bytes);
  }

  private static KeyVersionRecord chosen(KeyEntry key, Optional<KeyVersionId> asked) {
    return asked.isEmpty()
        ? ServingRules.currentVersion(key)
        : ServingRules.version(key, asked.get());
  }

  /**
   * The wire's codec has looked at all this already, but callers inside the process come without
   * it, and a tag that is cut short is easy to forge.
   */
  private static void requireParts(DecryptRequest.Sealed sealed) {
    requireRule(sealed.iv().length() == IV_BYTES, "iv", "must be " + IV_BYTES + " bytes");
    requireRule(sealed.tag().length() == TAG_BYTES, "tag", "must be " + TAG_BYTES + " bytes");
    requireRule(
        sealed.ciphertext().length() > 0, "ciphertext", "must be at least 1 byte without the tag");
  }

  private static void requireRule(boolean kept, String field, String rule) {
    if (!kept) {
      throw EkmException.malformed(field, rule);
    }
  }

  private static void requireAtMost(String field, int length, int limit) {
    if (length > limit) {
      throw EkmException.tooLarge(
          field, "must have at most " + limit + " bytes with this key's backend");
    }
  }

  private static void requireTime(Deadline deadline) {
    if (deadline.expired()) {
      throw new EkmException(EkmErrorCode.DEADLINE_EXCEEDED, "no time left for the backend");
    }
  }
}
