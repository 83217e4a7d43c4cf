// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import java.util.List;
import java.util.Optional;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest;
import org.openekm.api.DecryptResult;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.EncryptRequest;
import org.openekm.api.EncryptResult;
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
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.store.KeyVersionRecord;

/** The three operations that use a key, on behalf of somebody who has been admitted. */
final class KeyOperations {

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
    KeyVersionRecord version = chosen(key, request.version());
    call.used(version.id());
    return encrypt(version, request.plaintext(), request.aad(), deadline);
  }

  DecryptResult decrypt(CallRecord call, KeyEntry key, DecryptRequest request, Deadline deadline) {
    List<KeyVersionRecord> candidates =
        request.version().isPresent()
            ? List.of(chosen(key, request.version()))
            : ServingRules.decryptionOrder(key);
    for (KeyVersionRecord version : candidates) {
      Optional<SecretBytes> plaintext = opened(version, request, deadline);
      if (plaintext.isPresent()) {
        call.used(version.id());
        return new DecryptResult(version.id(), plaintext.get());
      }
    }
    throw new EkmException(
        EkmErrorCode.DECRYPTION_FAILED,
        "the tag fits none of " + candidates.size() + " key versions");
  }

  RandomBytesResult randomBytes(
      CallRecord call, KeyEntry key, RandomBytesRequest request, Deadline deadline) {
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
