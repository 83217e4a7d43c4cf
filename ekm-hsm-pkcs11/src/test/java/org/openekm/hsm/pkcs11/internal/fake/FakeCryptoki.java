// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.fake;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkLayout;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cka;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckf;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckm;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmBuffers;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmParameters;
import org.openekm.hsm.pkcs11.internal.cryptoki.InitializeArguments;
import org.openekm.hsm.pkcs11.internal.cryptoki.KeyPairHandles;
import org.openekm.hsm.pkcs11.internal.cryptoki.LibraryInfo;
import org.openekm.hsm.pkcs11.internal.cryptoki.MechanismInfo;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.hsm.pkcs11.internal.cryptoki.SessionInfo;
import org.openekm.hsm.pkcs11.internal.cryptoki.Template;
import org.openekm.hsm.pkcs11.internal.cryptoki.TokenInfo;

/**
 * A PKCS#11 library in plain Java, with the state that the standard asks for and faults on cue. Its
 * one token sits in a slot whose number changes with each initialization; handles of keys change
 * with each log-in, as SoftHSM's do. Thread-safe.
 */
public final class FakeCryptoki implements Cryptoki {

  private static final long HANDLES_PER_LOGIN = 1_000_000;

  private final FakeToken token = new FakeToken("fake");
  private final FakeFaults faults = new FakeFaults();
  private final FakeBehavior behavior;
  private final FakeGcm gcm;
  private final SecureRandom random = new SecureRandom();
  private final Map<Long, FakeSession> sessions = new HashMap<>();
  private boolean initialized;
  private boolean gone;
  private boolean loggedIn;
  private long logins;
  private long slot = 7;
  private long lastSession;

  /** Makes a library with a token of this kind. */
  public FakeCryptoki(FakeBehavior behavior) {
    this.behavior = behavior;
    this.gcm = new FakeGcm(behavior);
  }

  /** Returns the device. */
  public FakeToken token() {
    return token;
  }

  /** Returns the script of faults. */
  public FakeFaults faults() {
    return faults;
  }

  /** Loses all sessions behind the callers' backs, and the log-in with them. */
  public synchronized void loseSessions() {
    sessions.clear();
    loggedIn = false;
  }

  /** Logs out behind the callers' backs. */
  public synchronized void loseLogin() {
    loggedIn = false;
  }

  /** Finalizes the library behind the callers' backs. */
  public synchronized void loseInitialization() {
    initialized = false;
    loseSessions();
  }

  /** Makes every call fail until the library is finalized and initialized again. */
  public synchronized void loseDevice() {
    gone = true;
  }

  /** Returns how many sessions are open. */
  public synchronized int openSessions() {
    return sessions.size();
  }

  @Override
  public void initialize(InitializeArguments arguments) {
    run(
        CkFunction.INITIALIZE,
        () -> {
          if (initialized) {
            throw failure(CkFunction.INITIALIZE, Ckr.CRYPTOKI_ALREADY_INITIALIZED);
          }
          initialized = true;
          gone = false;
          slot += 11;
          return true;
        });
  }

  @Override
  public void finalizeLibrary() {
    run(
        CkFunction.FINALIZE,
        () -> {
          requireInitialized(CkFunction.FINALIZE);
          initialized = false;
          loseSessions();
          return true;
        });
  }

  @Override
  public LibraryInfo getInfo() {
    return working(CkFunction.GET_INFO, () -> new LibraryInfo("OpenEKM", "fake library", "1.0"));
  }

  @Override
  public long[] getSlotList(boolean tokenPresent) {
    return working(
        CkFunction.GET_SLOT_LIST,
        () -> tokenPresent && !token.isPresent() ? new long[0] : new long[] {slot});
  }

  @Override
  public TokenInfo getTokenInfo(long inSlot) {
    return working(
        CkFunction.GET_TOKEN_INFO,
        () -> {
          requireSlot(CkFunction.GET_TOKEN_INFO, inSlot);
          return token.info();
        });
  }

  @Override
  public long[] getMechanismList(long inSlot) {
    return working(CkFunction.GET_MECHANISM_LIST, () -> new long[] {Ckm.AES_KEY_GEN, Ckm.AES_GCM});
  }

  @Override
  public MechanismInfo getMechanismInfo(long inSlot, long mechanism) {
    return working(
        CkFunction.GET_MECHANISM_INFO, () -> new MechanismInfo(16, 32, Ckf.ENCRYPT | Ckf.DECRYPT));
  }

  @Override
  public long openSession(long inSlot, long flags) {
    return working(
        CkFunction.OPEN_SESSION,
        () -> {
          requireSlot(CkFunction.OPEN_SESSION, inSlot);
          if (token.maxSessions() > 0 && sessions.size() >= token.maxSessions()) {
            throw failure(CkFunction.OPEN_SESSION, Ckr.SESSION_COUNT);
          }
          lastSession++;
          sessions.put(lastSession, new FakeSession());
          return lastSession;
        });
  }

  @Override
  public void closeSession(long session) {
    onSession(
        CkFunction.CLOSE_SESSION,
        session,
        it -> {
          sessions.remove(session);
          loggedIn = loggedIn && !sessions.isEmpty();
          return true;
        });
  }

  @Override
  public void closeAllSessions(long inSlot) {
    working(
        CkFunction.CLOSE_ALL_SESSIONS,
        () -> {
          loseSessions();
          return true;
        });
  }

  @Override
  public SessionInfo getSessionInfo(long session) {
    return onSession(
        CkFunction.GET_SESSION_INFO,
        session,
        it -> new SessionInfo(slot, loggedIn ? 3 : 2, Ckf.RW_SESSION, 0));
  }

  @Override
  public void login(long session, byte[] pin) {
    onSession(
        CkFunction.LOGIN,
        session,
        it -> {
          if (loggedIn) {
            throw failure(CkFunction.LOGIN, Ckr.USER_ALREADY_LOGGED_IN);
          }
          if (!token.takesPin(pin)) {
            throw failure(CkFunction.LOGIN, Ckr.PIN_INCORRECT);
          }
          loggedIn = true;
          logins++;
          return true;
        });
  }

  @Override
  public void logout(long session) {
    onSession(
        CkFunction.LOGOUT,
        session,
        it -> {
          loggedIn = false;
          return true;
        });
  }

  @Override
  public long createObject(long session, Template template) {
    return onSession(
        CkFunction.CREATE_OBJECT,
        session,
        it -> {
          Template.Attribute value =
              template.attributes().stream()
                  .filter(a -> a.type() == Cka.VALUE)
                  .findFirst()
                  .orElseThrow(() -> failure(CkFunction.CREATE_OBJECT, Ckr.TEMPLATE_INCOMPLETE));
          return handle(
              token.add(template, Map.of(Cka.VALUE_LEN, CkLayout.ulong(value.value().length))));
        });
  }

  @Override
  public void destroyObject(long session, long object) {
    onSession(
        CkFunction.DESTROY_OBJECT,
        session,
        it -> {
          object(CkFunction.DESTROY_OBJECT, object);
          token.objects().remove(object % HANDLES_PER_LOGIN);
          return true;
        });
  }

  @Override
  public byte[] getAttributeValue(long session, long object, long attribute) {
    return onSession(
        CkFunction.GET_ATTRIBUTE_VALUE,
        session,
        it -> {
          byte[] value = object(CkFunction.GET_ATTRIBUTE_VALUE, object).get(attribute);
          if (value == null) {
            throw failure(CkFunction.GET_ATTRIBUTE_VALUE, Ckr.ATTRIBUTE_TYPE_INVALID);
          }
          return value.clone();
        });
  }

  @Override
  public void findObjectsInit(long session, Template template) {
    onSession(
        CkFunction.FIND_OBJECTS_INIT,
        session,
        it -> {
          if (it.found != null) {
            throw failure(CkFunction.FIND_OBJECTS_INIT, Ckr.OPERATION_ACTIVE);
          }
          it.found = search(template).iterator();
          return true;
        });
  }

  private List<Long> search(Template template) {
    if (!loggedIn) {
      return List.of();
    }
    return token.objects().entrySet().stream()
        .filter(
            entry ->
                template.attributes().stream()
                    .allMatch(a -> Arrays.equals(a.value(), entry.getValue().get(a.type()))))
        .map(entry -> handle(entry.getKey()))
        .toList();
  }

  @Override
  public long[] findObjects(long session, int max) {
    return onSession(
        CkFunction.FIND_OBJECTS,
        session,
        it -> {
          if (it.found == null) {
            throw failure(CkFunction.FIND_OBJECTS, Ckr.OPERATION_NOT_INITIALIZED);
          }
          long[] page = new long[max];
          int count = 0;
          while (count < max && it.found.hasNext()) {
            page[count++] = it.found.next();
          }
          return Arrays.copyOf(page, count);
        });
  }

  @Override
  public void findObjectsFinal(long session) {
    onSession(
        CkFunction.FIND_OBJECTS_FINAL,
        session,
        it -> {
          it.found = null;
          return true;
        });
  }

  @Override
  public long generateKey(long session, long mechanism, Template template) {
    return onSession(
        CkFunction.GENERATE_KEY,
        session,
        it -> {
          byte[] value = new byte[32];
          random.nextBytes(value);
          return handle(token.add(template, Map.of(Cka.VALUE, value)));
        });
  }

  @Override
  public KeyPairHandles generateKeyPair(
      long session, long mechanism, Template publicTemplate, Template privateTemplate) {
    throw failure(CkFunction.GENERATE_KEY_PAIR, Ckr.MECHANISM_INVALID);
  }

  @Override
  public long unwrapKey(
      long session, long mechanism, long unwrappingKey, byte[] wrapped, Template template) {
    throw failure(CkFunction.UNWRAP_KEY, Ckr.MECHANISM_INVALID);
  }

  @Override
  public void generateRandom(long session, byte[] target) {
    onSession(
        CkFunction.GENERATE_RANDOM,
        session,
        it -> {
          random.nextBytes(target);
          return true;
        });
  }

  @Override
  public GcmBuffers newGcmBuffers(int maxInput, int maxAad) {
    return new FakeBuffers();
  }

  @Override
  public void encryptInit(long session, GcmBuffers buffers, GcmParameters parameters, long key) {
    onSession(
        CkFunction.ENCRYPT_INIT,
        session,
        it -> {
          gcm.requireForm(CkFunction.ENCRYPT_INIT, parameters);
          if (it.encryption != null) {
            throw failure(CkFunction.ENCRYPT_INIT, Ckr.OPERATION_ACTIVE);
          }
          it.key = object(CkFunction.ENCRYPT_INIT, key).get(Cka.VALUE);
          it.encryption = parameters;
          return true;
        });
  }

  @Override
  public int encrypt(long session, GcmBuffers buffers, byte[] input, byte[] output) {
    return onSession(
        CkFunction.ENCRYPT,
        session,
        it -> {
          GcmParameters parameters = FakeSession.begun(CkFunction.ENCRYPT, it.encryption);
          it.encryption = null;
          return put(gcm.encrypt(it.key, parameters, (FakeBuffers) buffers, input), output);
        });
  }

  @Override
  public void decryptInit(long session, GcmBuffers buffers, GcmParameters parameters, long key) {
    onSession(
        CkFunction.DECRYPT_INIT,
        session,
        it -> {
          gcm.requireForm(CkFunction.DECRYPT_INIT, parameters);
          if (it.decryption != null) {
            throw failure(CkFunction.DECRYPT_INIT, Ckr.OPERATION_ACTIVE);
          }
          it.key = object(CkFunction.DECRYPT_INIT, key).get(Cka.VALUE);
          it.decryption = parameters;
          return true;
        });
  }

  @Override
  public int decrypt(long session, GcmBuffers buffers, byte[] input, byte[] output) {
    return onSession(
        CkFunction.DECRYPT,
        session,
        it -> {
          GcmParameters parameters = FakeSession.begun(CkFunction.DECRYPT, it.decryption);
          it.decryption = null;
          return put(gcm.decrypt(it.key, parameters, input), output);
        });
  }

  @Override
  public void close() {
    loseInitialization();
  }

  private static int put(byte[] result, byte[] output) {
    System.arraycopy(result, 0, output, 0, result.length);
    return result.length;
  }

  private long handle(long number) {
    return logins * HANDLES_PER_LOGIN + number;
  }

  private Map<Long, byte[]> object(CkFunction function, long handle) {
    Map<Long, byte[]> found = token.objects().get(handle % HANDLES_PER_LOGIN);
    if (!loggedIn || handle / HANDLES_PER_LOGIN != logins || found == null) {
      throw failure(function, behavior.staleKey());
    }
    return found;
  }

  private <T> T onSession(CkFunction function, long handle, Function<FakeSession, T> work) {
    return working(
        function,
        () -> {
          FakeSession session = sessions.get(handle);
          if (session == null) {
            throw failure(function, Ckr.SESSION_HANDLE_INVALID);
          }
          return work.apply(session);
        });
  }

  private <T> T working(CkFunction function, Supplier<T> work) {
    return run(
        function,
        () -> {
          requireInitialized(function);
          return work.get();
        });
  }

  private <T> T run(CkFunction function, Supplier<T> work) {
    try {
      faults.enter(function);
      synchronized (this) {
        if (gone && function != CkFunction.FINALIZE && function != CkFunction.INITIALIZE) {
          throw failure(function, Ckr.DEVICE_ERROR);
        }
        return work.get();
      }
    } finally {
      faults.exit();
    }
  }

  private void requireInitialized(CkFunction function) {
    if (!initialized) {
      throw failure(function, Ckr.CRYPTOKI_NOT_INITIALIZED);
    }
  }

  private void requireSlot(CkFunction function, long asked) {
    if (asked != slot) {
      throw failure(function, Ckr.SLOT_ID_INVALID);
    }
    if (!token.isPresent()) {
      throw failure(function, Ckr.TOKEN_NOT_PRESENT);
    }
  }

  private static Pkcs11Exception failure(CkFunction function, long code) {
    return new Pkcs11Exception(function, code);
  }
}
