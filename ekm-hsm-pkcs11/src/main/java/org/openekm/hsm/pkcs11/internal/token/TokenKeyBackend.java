// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.Capabilities.IvSource;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/**
 * The backend over one token in this process. References are CKA_IDs in hexadecimal. Thread-safe;
 * the token is reached with the first call, not when this is made.
 */
public final class TokenKeyBackend implements KeyBackend {

  /**
   * How many calls are let in for each session. A session is free again within a millisecond, so
   * refusing the next call at once would waste it.
   */
  private static final int WAITING_AND_WORKING = 4;

  /** AES key wrap with padding adds so many bytes to a key of whole blocks of 8 (RFC 5649). */
  private static final int WRAPPING_OVERHEAD = 8;

  private final TokenConfig config;
  private final Pkcs11Token token;
  private final TokenCalls calls;
  private final GcmCipher cipher;
  private final KeyFinder finder;
  private final KeyMaker maker;
  private final Capabilities capabilities;

  /** Keys that have passed the self-test in this process. */
  private final Set<String> tested = ConcurrentHashMap.newKeySet();

  private boolean closed;

  private TokenKeyBackend(TokenConfig config, Pkcs11Token token, TokenCalls calls) {
    this.config = config;
    this.token = token;
    this.calls = calls;
    this.cipher = new GcmCipher(config.gcm());
    this.finder = new KeyFinder(config.keys());
    this.maker = new KeyMaker(config.keys(), finder);
    this.capabilities = capabilities(config);
  }

  /**
   * Makes a backend whose calls run on threads of their own, so that callers can give up on a
   * library that hangs.
   *
   * @throws BackendException.Misconfigured if the library can't be loaded
   */
  public static KeyBackend withWorkers(
      TokenConfig config, SharedLibraries libraries, ComponentContext context) {
    Pkcs11Token token = new Pkcs11Token(context.instanceName(), config, libraries, context);
    return new TokenKeyBackend(
        config, token, new TokenWorkers(token, config.sessions().max(), context.executor()));
  }

  /**
   * Makes a backend that calls the library on its callers' threads and so may hang with it: for a
   * process of the token's own.
   *
   * @throws BackendException.Misconfigured if the library can't be loaded
   */
  public static KeyBackend onCallers(
      TokenConfig config, SharedLibraries libraries, ComponentContext context) {
    Pkcs11Token token = new Pkcs11Token(context.instanceName(), config, libraries, context);
    return new TokenKeyBackend(config, token, new CallerCalls(token));
  }

  /** Returns what a backend of this configuration can do. */
  public static Capabilities capabilities(TokenConfig config) {
    Set<BackendFeature> features = EnumSet.of(BackendFeature.RANDOM_BYTES);
    if (!config.sessions().readOnly()) {
      features.add(BackendFeature.GENERATE_KEY);
      features.add(BackendFeature.DESTROY_KEY);
      if (config.keys().importing() != TokenConfig.Importing.OFF) {
        features.add(BackendFeature.IMPORT_KEY);
      }
      if (config.keys().unwrapping() != TokenConfig.Unwrapping.OFF) {
        features.add(BackendFeature.UNWRAP_KEY);
      }
    }
    return new Capabilities(
        config.gcm().ivMode().byDevice() ? IvSource.DEVICE : IvSource.HOST,
        config.gcm().maxPlaintext(),
        config.gcm().maxAad(),
        config.keys().refuseWeak() ? Set.of(32) : Set.of(16, 24, 32),
        features,
        config.sessions().max() * WAITING_AND_WORKING);
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public BackendCiphertext encrypt(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    requireSize("plaintext", plaintext.length(), config.gcm().maxPlaintext());
    requireSize("additional data", aad.length(), config.gcm().maxAad());
    return call(
        session -> {
          byte[] input = plaintext.toByteArray();
          try {
            return token.run(
                session,
                (mine, generation) ->
                    cipher.encrypt(
                        mine, usable(mine, generation, key).handle(), input, aad.toByteArray()),
                deadline);
          } finally {
            Arrays.fill(input, (byte) 0);
          }
        },
        result -> {},
        deadline);
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
    requireSize("ciphertext", sealed.ciphertext().length(), config.gcm().maxPlaintext());
    requireSize("additional data", aad.length(), config.gcm().maxAad());
    if (!GcmCipher.hasStandardLengths(sealed)) {
      throw new BackendException.AuthenticationTagMismatch("an IV has 12 bytes and a tag 16", null);
    }
    return call(
        session ->
            token.run(
                session,
                (mine, generation) ->
                    cipher.decrypt(
                        mine, usable(mine, generation, key).handle(), sealed, aad.toByteArray()),
                deadline),
        SecretBytes::destroy,
        deadline);
  }

  @Override
  public SecretBytes randomBytes(int length, Deadline deadline) {
    return call(
        session -> token.run(session, (mine, generation) -> random(mine, length), deadline),
        SecretBytes::destroy,
        deadline);
  }

  @Override
  public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
    requireFeature(BackendFeature.GENERATE_KEY);
    requireLength(newKey.lengthBytes());
    return call(
        session -> token.run(session, (mine, generation) -> maker.generate(mine, newKey), deadline),
        ref -> {},
        deadline);
  }

  @Override
  public BackendKeyRef importKey(NewKey newKey, SecretBytes material, Deadline deadline) {
    requireFeature(BackendFeature.IMPORT_KEY);
    requireLength(newKey.lengthBytes());
    if (material.length() != newKey.lengthBytes()) {
      throw new BackendException.Misconfigured(
          "the key material has " + material.length() + " bytes, the key " + newKey.lengthBytes(),
          null);
    }
    return call(
        session -> {
          try (SecretBytes mine = material.copy()) {
            return token.run(session, (it, generation) -> maker.take(it, newKey, mine), deadline);
          }
        },
        ref -> {},
        deadline);
  }

  @Override
  public BackendKeyRef unwrapKey(
      NewKey newKey, BackendKeyRef wrappingKey, Bytes wrapped, Deadline deadline) {
    requireFeature(BackendFeature.UNWRAP_KEY);
    requireLength(newKey.lengthBytes());
    if (wrapped.length() != newKey.lengthBytes() + WRAPPING_OVERHEAD) {
      throw new BackendException.KeyUnusable(
          "what is wrapped has not the length of the key, " + newKey.lengthBytes() + " bytes",
          null);
    }
    return call(
        session ->
            token.run(
                session,
                (mine, generation) ->
                    maker.unwrap(mine, newKey, wrappingKey, wrapped.toByteArray()),
                deadline),
        ref -> {},
        deadline);
  }

  @Override
  public void destroyKey(BackendKeyRef key, Deadline deadline) {
    requireFeature(BackendFeature.DESTROY_KEY);
    call(
        session ->
            token.run(
                session,
                (mine, generation) -> {
                  maker.destroy(mine, generation, key);
                  token.forget(key.value());
                  return true;
                },
                deadline),
        done -> {},
        deadline);
  }

  @Override
  public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
    return call(
        session ->
            token.run(session, (mine, generation) -> inspect(mine, generation, key), deadline),
        ignored -> {},
        deadline);
  }

  @Override
  public CheckResult check(Deadline deadline) {
    try {
      call(
          session ->
              token.run(
                  session,
                  (mine, generation) -> {
                    mine.cryptoki().getSessionInfo(mine.handle());
                    random(mine, 1).destroy();
                    return true;
                  },
                  deadline),
          done -> {},
          deadline);
      return CheckResult.ok("the token answers" + numbers());
    } catch (BackendException e) {
      return CheckResult.failed(e.getMessage() + numbers());
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    calls.close();
    token.close();
  }

  private <T> T call(Function<TokenSession, T> work, Consumer<T> wipe, Deadline deadline) {
    return calls.call(work, wipe, deadline);
  }

  private BackendKeyInfo inspect(TokenSession session, Generation generation, BackendKeyRef key) {
    // What is told must be what the token says now, not what it said at log-in.
    generation.keys().remove(key.value());
    boolean unwrapsOnly =
        capabilities.has(BackendFeature.UNWRAP_KEY) && finder.unwrapsOnly(session, key);
    KeyObject found =
        unwrapsOnly ? finder.findUnwrapping(session, key) : usable(session, generation, key);
    return new BackendKeyInfo(key, found.lengthBytes(), found.warnings(), unwrapsOnly);
  }

  /** Returns the key, tried once in this process before it is used. */
  private KeyObject usable(TokenSession session, Generation generation, BackendKeyRef ref) {
    KeyObject key = finder.find(session, generation, ref);
    if (!tested.contains(ref.value())) {
      GcmSelfTest.run(cipher, session, key.handle());
      tested.add(ref.value());
      token.found(ref.value());
    }
    return key;
  }

  private static SecretBytes random(TokenSession session, int length) {
    byte[] bytes = new byte[length];
    session.cryptoki().generateRandom(session.handle(), bytes);
    return SecretBytes.adopt(bytes);
  }

  private void requireFeature(BackendFeature feature) {
    if (!capabilities.has(feature)) {
      throw new BackendException.Misconfigured(
          "backend "
              + token.name()
              + " can't "
              + feature
              + " because of 'read-only', 'import' or 'unwrap-mechanism' in its settings",
          null);
    }
  }

  private void requireLength(int bytes) {
    if (!capabilities.keyLengths().contains(bytes)) {
      throw new BackendException.Misconfigured(
          "a key of "
              + bytes * 8
              + " bits is not allowed here, only of 256; 'key-check: warn' allows shorter ones",
          null);
    }
  }

  private static void requireSize(String what, int length, int most) {
    if (length > most) {
      throw new BackendException.Misconfigured(
          "a " + what + " of " + length + " bytes is longer than the token's " + most, null);
    }
  }

  private String numbers() {
    Repairs repairs = token.repairs();
    StringBuilder text = new StringBuilder(" (");
    text.append(calls.busy()).append(" of ").append(config.sessions().max());
    text.append(" sessions busy, ").append(calls.hanging()).append(" hang, ");
    text.append(repairs.logins()).append(" log-ins, ");
    text.append(repairs.restarts()).append(" restarts");
    token
        .failures()
        .forEach((what, count) -> text.append(", ").append(count).append(" x ").append(what));
    return text.append(')').toString();
  }
}
