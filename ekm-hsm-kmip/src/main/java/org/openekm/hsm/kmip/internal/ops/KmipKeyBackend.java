// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.internal.client.KmipClient;
import org.openekm.hsm.kmip.internal.client.KmipOperation;
import org.openekm.hsm.kmip.internal.client.RefusedException;
import org.openekm.hsm.kmip.internal.client.Session;
import org.openekm.hsm.kmip.internal.client.TransportException;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;
import org.openekm.hsm.kmip.internal.ttlv.TtlvException;
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
 * The backend over key managers. References are Unique Identifiers. Thread-safe; no server is
 * reached before the first call.
 */
public final class KmipKeyBackend implements KeyBackend {

  private static final int MOST_DRAWS = 16;
  private static final Duration EXPIRY_WARNING = Duration.ofDays(30);

  private final Shared shared;
  private final OptionalInt only;

  /** What a backend and the views on its servers have in common. */
  private record Shared(
      KmipBackendConfig config,
      KmipClient client,
      ComponentContext context,
      KeyCipher cipher,
      KeyChecks checks,
      KeyMaker maker,
      Capabilities capabilities) {}

  private KmipKeyBackend(Shared shared, OptionalInt only) {
    this.shared = shared;
    this.only = only;
  }

  /**
   * Makes a backend, which owns the client.
   *
   * @param maxCalls how many calls the client takes at once
   */
  public static KmipKeyBackend of(
      KmipBackendConfig config, KmipClient client, int maxCalls, ComponentContext context) {
    KeyChecks checks = new KeyChecks(config, context.nanoClock(), () -> newIv(context));
    Shared shared =
        new Shared(
            config,
            client,
            context,
            config.localCrypto() ? new LocalCipher() : new GcmCipher(),
            checks,
            new KeyMaker(config.namePrefix()),
            capabilities(config, maxCalls));
    return new KmipKeyBackend(shared, OptionalInt.empty());
  }

  private static Capabilities capabilities(KmipBackendConfig config, int maxCalls) {
    Set<BackendFeature> features = EnumSet.of(BackendFeature.RANDOM_BYTES);
    if (!config.readOnly()) {
      features.add(BackendFeature.GENERATE_KEY);
      features.add(BackendFeature.DESTROY_KEY);
      if (config.importing()) {
        features.add(BackendFeature.IMPORT_KEY);
      }
    }
    return new Capabilities(
        IvSource.HOST,
        config.limits().plaintext(),
        config.limits().aad(),
        config.refuseWeak() ? Set.of(32) : Set.of(16, 24, 32),
        features,
        maxCalls);
  }

  private static Bytes newIv(ComponentContext context) {
    byte[] iv = new byte[GcmCipher.IV_BYTES];
    context.random().nextBytes(iv);
    return Bytes.adopt(iv);
  }

  @Override
  public Capabilities capabilities() {
    return shared.capabilities();
  }

  @Override
  public BackendCiphertext encrypt(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    requireSize("plaintext", plaintext.length(), shared.config().limits().plaintext());
    requireSize("additional data", aad.length(), shared.config().limits().aad());
    // One IV for all tries: the same input twice under it tells nothing.
    Bytes iv = newIv(shared.context());
    return call(
        key.value(),
        session -> {
          shared.checks().require(session, key.value());
          return shared.cipher().encrypt(session, key.value(), plaintext, iv, aad);
        },
        deadline);
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
    requireSize("ciphertext", sealed.ciphertext().length(), shared.config().limits().plaintext());
    requireSize("additional data", aad.length(), shared.config().limits().aad());
    if (sealed.iv().length() != GcmCipher.IV_BYTES
        || sealed.tag().length() != GcmCipher.TAG_BYTES) {
      throw new BackendException.AuthenticationTagMismatch("an IV has 12 bytes and a tag 16", null);
    }
    return call(
        key.value(),
        session -> {
          shared.checks().require(session, key.value());
          return shared.cipher().decrypt(session, key.value(), sealed, aad);
        },
        deadline);
  }

  @Override
  public SecretBytes randomBytes(int length, Deadline deadline) {
    if (shared.config().localRandom()) {
      byte[] bytes = new byte[length];
      shared.context().random().nextBytes(bytes);
      return SecretBytes.adopt(bytes);
    }
    return call("", session -> draw(session, length), deadline);
  }

  /** A server may give less than it was asked for. */
  private static SecretBytes draw(Session session, int length) {
    byte[] bytes = new byte[length];
    int have = 0;
    boolean done = false;
    try {
      for (int draws = 0; have < length && draws < MOST_DRAWS; draws++) {
        Ttlv payload = session.send(Requests.random(length - have));
        byte[] some = payload.get(Tag.DATA).asBytes();
        if (some.length == 0 || some.length > length - have) {
          throw new TtlvException(some.length + " random bytes for " + (length - have));
        }
        System.arraycopy(some, 0, bytes, have, some.length);
        have += some.length;
        payload.wipe();
      }
      done = have == length;
    } finally {
      if (!done) {
        Arrays.fill(bytes, (byte) 0);
      }
    }
    if (!done) {
      throw new TtlvException("too few random bytes");
    }
    return SecretBytes.adopt(bytes);
  }

  @Override
  public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
    requireFeature(BackendFeature.GENERATE_KEY);
    requireLength(newKey.lengthBytes());
    return call(
        "for " + newKey.version(),
        session -> shared.maker().generate(session, newKey, isProtected(session)),
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
        "for " + newKey.version(),
        session -> shared.maker().take(session, newKey, material, isProtected(session)),
        deadline);
  }

  private boolean isProtected(Session session) {
    return session.quirks().protectedKeys() && !shared.config().localCrypto();
  }

  @Override
  public void destroyKey(BackendKeyRef key, Deadline deadline) {
    requireFeature(BackendFeature.DESTROY_KEY);
    shared.checks().forget(key.value());
    try {
      call(
          key.value(),
          session -> {
            shared.maker().destroy(session, key.value());
            return true;
          },
          deadline);
    } catch (BackendException.KeyMissing e) {
      // Somebody else has destroyed it: what was wanted is the case.
      shared.checks().forget(key.value());
    }
  }

  @Override
  public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
    return call(
        key.value(),
        session -> {
          KeyFacts facts = shared.checks().facts(session, key.value());
          List<String> warnings = shared.checks().inspected(key.value(), facts);
          return new BackendKeyInfo(key, facts.lengthBytes(), warnings);
        },
        deadline);
  }

  @Override
  public CheckResult check(Deadline deadline) {
    try {
      String text = call("", this::tried, deadline);
      return CheckResult.ok(text + " (" + shared.client().summary() + ")" + certificateWarning());
    } catch (BackendException e) {
      return CheckResult.failed(e.getMessage() + " (" + shared.client().summary() + ")");
    }
  }

  private String tried(Session session) {
    KmipBackendConfig config = shared.config();
    for (KmipOperation operation : config.localCrypto() ? ForLocal.NEEDED : ForServer.NEEDED) {
      requireOperation(session, operation);
    }
    if (!config.localCrypto()) {
      GcmCipher.requireGcm(session, Bytes.empty());
      config.selfTestKey().ifPresent(key -> shared.checks().requireServer(session, key));
    }
    if (config.localRandom()) {
      session.send(Requests.query());
    } else {
      requireOperation(session, KmipOperation.RNG_RETRIEVE);
      draw(session, 1).destroy();
    }
    return "the key manager answers, by KMIP "
        + session.info().version()
        + (shared.checks().hasPassed(session) ? "" : ", its AES-GCM not tried yet");
  }

  private static final class ForServer {
    static final List<KmipOperation> NEEDED =
        List.of(KmipOperation.ENCRYPT, KmipOperation.DECRYPT, KmipOperation.GET_ATTRIBUTES);
  }

  private static final class ForLocal {
    static final List<KmipOperation> NEEDED =
        List.of(KmipOperation.GET, KmipOperation.GET_ATTRIBUTES);
  }

  private static void requireOperation(Session session, KmipOperation operation) {
    if (!session.info().has(operation)) {
      String hint = operation == KmipOperation.RNG_RETRIEVE ? "; set 'random: local'" : "";
      throw new BackendException.Misconfigured(
          session.server() + " lacks the operation " + operation.label() + hint, null);
    }
  }

  private String certificateWarning() {
    Instant end = shared.client().certificateEnd();
    boolean soon = shared.context().clock().instant().plus(EXPIRY_WARNING).isAfter(end);
    return soon ? "; the client certificate ends at " + end : "";
  }

  @Override
  public Map<String, KeyBackend> members() {
    Map<String, KeyBackend> members = new LinkedHashMap<>();
    List<String> names = shared.client().names();
    if (only.isEmpty() && names.size() > 1) {
      for (int i = 0; i < names.size(); i++) {
        members.put(names.get(i), new KmipKeyBackend(shared, OptionalInt.of(i)));
      }
    }
    return members;
  }

  @Override
  public void close() {
    if (only.isEmpty()) {
      shared.client().close();
    }
  }

  private <T> T call(String key, Function<Session, T> work, Deadline deadline) {
    if (deadline.expired()) {
      throw new BackendException.TimedOut("no time was left to call the key manager", null);
    }
    Function<Session, T> told = session -> tell(session, key, work);
    try {
      return only.isPresent()
          ? shared.client().callServer(only.getAsInt(), told, deadline)
          : shared.client().call(told, deadline);
    } catch (RefusedException e) {
      throw FaultTable.of(e, FaultTable.Meaning.TROUBLE, key, java.util.Optional.empty());
    } catch (TransportException e) {
      throw FaultTable.of(e);
    } catch (TtlvException e) {
      throw new BackendException.Unavailable(
          "the key manager's answer is wrong and not given out: " + e.getMessage(), false, e);
    }
  }

  /**
   * Says in our words what a server refuses; but what another server may do is left to the client.
   */
  private <T> T tell(Session session, String key, Function<Session, T> work) {
    try {
      return work.apply(session);
    } catch (BackendException.KeyMissing e) {
      throw maybeNotReplicated(session, e);
    } catch (RefusedException e) {
      FaultTable.Meaning meaning = FaultTable.of(e, session.quirks().generalFailureIsBadTag());
      if (meaning == FaultTable.Meaning.TROUBLE) {
        throw e;
      }
      boolean unclear = meaning == FaultTable.Meaning.UNUSABLE_OR_DENIED && !key.isEmpty();
      throw maybeNotReplicated(
          session,
          FaultTable.of(
              e,
              meaning,
              key,
              unclear ? shared.checks().ofRefused(session, key) : java.util.Optional.empty()));
    }
  }

  /** That a standby lacks a key does not mean that there is none: it may get it later. */
  private BackendException maybeNotReplicated(Session session, BackendException failure) {
    return failure instanceof BackendException.KeyMissing && session.index() > 0 && only.isEmpty()
        ? new BackendException.Unavailable(
            session.server() + " has no " + failure.getMessage() + ", and the first is away",
            true,
            failure)
        : failure;
  }

  private void requireFeature(BackendFeature feature) {
    if (!capabilities().has(feature)) {
      throw new BackendException.Misconfigured(
          "backend "
              + shared.context().instanceName()
              + " can't "
              + feature
              + " because of 'read-only' or 'import' in its settings",
          null);
    }
  }

  private void requireLength(int bytes) {
    if (!capabilities().keyLengths().contains(bytes)) {
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
          "a " + what + " of " + length + " bytes is longer than the limit of " + most, null);
    }
  }
}
