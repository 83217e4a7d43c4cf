// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.binding;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ck;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkLayout;
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

/** A native library's functions with their arguments laid out in native memory. */
final class NativeCryptoki implements Cryptoki {

  private static final long CKU_USER = 1;
  private static final int MOST_ATTRIBUTE = 1 << 16;
  private static final int LIST_TRIES = 5;

  private final NativeAccess access;

  /** The text of pReserved: NSS reads it later too, so it stays as long as the library. */
  private @Nullable NativeBlock reserved;

  NativeCryptoki(NativeAccess access) {
    this.access = access;
  }

  @Override
  public void initialize(InitializeArguments arguments) {
    try (NativeBlock args = access.allocate(CkLayout.InitializeArgs.SIZE)) {
      args.putLong(
          CkLayout.InitializeArgs.FLAGS,
          arguments.osLocking() ? CkLayout.InitializeArgs.OS_LOCKING_OK : 0);
      args.putLong(CkLayout.InitializeArgs.RESERVED, reserved(arguments.reserved()));
      call(CkFunction.INITIALIZE, args.address());
    }
  }

  private synchronized long reserved(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    if (reserved != null) {
      reserved.close();
    }
    byte[] bytes = text.getBytes(UTF_8);
    NativeBlock block = access.allocateLasting(bytes.length + 1L);
    block.write(0, bytes, bytes.length);
    reserved = block;
    return block.address();
  }

  @Override
  public void finalizeLibrary() {
    call(CkFunction.FINALIZE, 0);
  }

  @Override
  public LibraryInfo getInfo() {
    try (NativeBlock info = access.allocate(CkLayout.Info.SIZE)) {
      call(CkFunction.GET_INFO, info.address());
      return new LibraryInfo(
          text(info, CkLayout.Info.MANUFACTURER, 32),
          text(info, CkLayout.Info.DESCRIPTION, 32),
          version(info, CkLayout.Info.VERSION));
    }
  }

  @Override
  public long[] getSlotList(boolean tokenPresent) {
    return list(CkFunction.GET_SLOT_LIST, tokenPresent ? 1 : 0);
  }

  @Override
  public TokenInfo getTokenInfo(long slot) {
    try (NativeBlock info = access.allocate(CkLayout.TokenInfo.SIZE)) {
      call(CkFunction.GET_TOKEN_INFO, slot, info.address());
      return new TokenInfo(
          text(info, 0, 32),
          text(info, CkLayout.TokenInfo.MANUFACTURER, 32),
          text(info, CkLayout.TokenInfo.MODEL, 16),
          text(info, CkLayout.TokenInfo.SERIAL, 16),
          info.getLong(CkLayout.TokenInfo.FLAGS),
          info.getLong(CkLayout.TokenInfo.MAX_SESSIONS),
          info.getLong(CkLayout.TokenInfo.MAX_RW_SESSIONS),
          version(info, CkLayout.TokenInfo.FIRMWARE));
    }
  }

  @Override
  public long[] getMechanismList(long slot) {
    return list(CkFunction.GET_MECHANISM_LIST, slot);
  }

  @Override
  public MechanismInfo getMechanismInfo(long slot, long mechanism) {
    // Zeroed before: SoftHSM only adds flags to what is there.
    try (NativeBlock info = access.allocate(CkLayout.MechanismInfo.SIZE)) {
      call(CkFunction.GET_MECHANISM_INFO, slot, mechanism, info.address());
      return new MechanismInfo(info.getLong(0), info.getLong(8), info.getLong(16));
    }
  }

  @Override
  public long openSession(long slot, long flags) {
    try (NativeBlock handle = access.allocate(CkLayout.ULONG)) {
      call(CkFunction.OPEN_SESSION, slot, flags, 0, 0, handle.address());
      return handle.getLong(0);
    }
  }

  @Override
  public void closeSession(long session) {
    call(CkFunction.CLOSE_SESSION, session);
  }

  @Override
  public void closeAllSessions(long slot) {
    call(CkFunction.CLOSE_ALL_SESSIONS, slot);
  }

  @Override
  public SessionInfo getSessionInfo(long session) {
    try (NativeBlock info = access.allocate(CkLayout.SessionInfo.SIZE)) {
      call(CkFunction.GET_SESSION_INFO, session, info.address());
      return new SessionInfo(info.getLong(0), info.getLong(8), info.getLong(16), info.getLong(24));
    }
  }

  @Override
  public void login(long session, byte @Nullable [] pin) {
    if (pin == null) {
      call(CkFunction.LOGIN, session, CKU_USER, 0, 0);
      return;
    }
    try (NativeBlock copy = access.allocate(pin.length + 1L)) {
      try {
        copy.write(0, pin, pin.length);
        call(CkFunction.LOGIN, session, CKU_USER, copy.address(), pin.length);
      } finally {
        copy.clear(0, pin.length);
      }
    }
  }

  @Override
  public void logout(long session) {
    call(CkFunction.LOGOUT, session);
  }

  @Override
  public long createObject(long session, Template template) {
    try (NativeTemplate attributes = new NativeTemplate(access, template);
        NativeBlock handle = access.allocate(CkLayout.ULONG)) {
      call(
          CkFunction.CREATE_OBJECT,
          session,
          attributes.address(),
          attributes.count(),
          handle.address());
      return handle.getLong(0);
    }
  }

  @Override
  public void destroyObject(long session, long object) {
    call(CkFunction.DESTROY_OBJECT, session, object);
  }

  /** Asks for the length first: NSS finds a buffer that is larger than the value too small. */
  @Override
  public byte[] getAttributeValue(long session, long object, long attribute) {
    int value = CkLayout.Attribute.SIZE;
    try (NativeBlock entry = access.allocate(value)) {
      entry.putLong(0, attribute);
      call(CkFunction.GET_ATTRIBUTE_VALUE, session, object, entry.address(), 1);
      byte[] bytes = new byte[attributeLength(entry)];
      try (NativeBlock room = access.allocate(bytes.length + 1L)) {
        entry.putLong(CkLayout.Attribute.VALUE, room.address());
        call(CkFunction.GET_ATTRIBUTE_VALUE, session, object, entry.address(), 1);
        room.read(0, bytes, Math.min(bytes.length, attributeLength(entry)));
      }
      return bytes;
    }
  }

  private static int attributeLength(NativeBlock entry) {
    long length = entry.getLong(CkLayout.Attribute.LENGTH);
    if (length < 0 || length > MOST_ATTRIBUTE) {
      throw new Pkcs11Exception(CkFunction.GET_ATTRIBUTE_VALUE, Ckr.ATTRIBUTE_TYPE_INVALID);
    }
    return (int) length;
  }

  @Override
  public void findObjectsInit(long session, Template template) {
    try (NativeTemplate attributes = new NativeTemplate(access, template)) {
      call(CkFunction.FIND_OBJECTS_INIT, session, attributes.address(), attributes.count());
    }
  }

  @Override
  public long[] findObjects(long session, int max) {
    try (NativeBlock handles = access.allocate((long) max * CkLayout.ULONG);
        NativeBlock count = access.allocate(CkLayout.ULONG)) {
      call(CkFunction.FIND_OBJECTS, session, handles.address(), max, count.address());
      return words(handles, (int) Math.min(max, count.getLong(0)));
    }
  }

  @Override
  public void findObjectsFinal(long session) {
    call(CkFunction.FIND_OBJECTS_FINAL, session);
  }

  @Override
  public long generateKey(long session, long mechanism, Template template) {
    try (NativeTemplate attributes = new NativeTemplate(access, template);
        NativeBlock parameterless = mechanism(mechanism);
        NativeBlock handle = access.allocate(CkLayout.ULONG)) {
      call(
          CkFunction.GENERATE_KEY,
          session,
          parameterless.address(),
          attributes.address(),
          attributes.count(),
          handle.address());
      return handle.getLong(0);
    }
  }

  @Override
  public KeyPairHandles generateKeyPair(
      long session, long mechanism, Template publicTemplate, Template privateTemplate) {
    try (NativeTemplate ofPublic = new NativeTemplate(access, publicTemplate);
        NativeTemplate ofPrivate = new NativeTemplate(access, privateTemplate);
        NativeBlock parameterless = mechanism(mechanism);
        NativeBlock handles = access.allocate(2L * CkLayout.ULONG)) {
      call(
          CkFunction.GENERATE_KEY_PAIR,
          session,
          parameterless.address(),
          ofPublic.address(),
          ofPublic.count(),
          ofPrivate.address(),
          ofPrivate.count(),
          handles.address(),
          handles.address() + CkLayout.ULONG);
      return new KeyPairHandles(handles.getLong(0), handles.getLong(CkLayout.ULONG));
    }
  }

  @Override
  public long unwrapKey(
      long session, long mechanism, long unwrappingKey, byte[] wrapped, Template template) {
    try (NativeBlock block = mechanism(mechanism)) {
      return mechanism == Ckm.RSA_PKCS_OAEP
          ? unwrapOaep(session, block, unwrappingKey, wrapped, template)
          : unwrap(session, block, unwrappingKey, wrapped, template);
    }
  }

  private long unwrapOaep(
      long session, NativeBlock mechanism, long unwrappingKey, byte[] wrapped, Template template) {
    try (NativeBlock parameters = access.allocate(CkLayout.OaepParams.SIZE)) {
      parameters.putLong(0, Ckm.SHA_1);
      parameters.putLong(CkLayout.ULONG, Ck.CKG_MGF1_SHA1);
      parameters.putLong(2L * CkLayout.ULONG, Ck.CKZ_DATA_SPECIFIED);
      mechanism.putLong(CkLayout.Mechanism.PARAMETER, parameters.address());
      mechanism.putLong(CkLayout.Mechanism.LENGTH, CkLayout.OaepParams.SIZE);
      return unwrap(session, mechanism, unwrappingKey, wrapped, template);
    }
  }

  private long unwrap(
      long session, NativeBlock mechanism, long unwrappingKey, byte[] wrapped, Template template) {
    try (NativeTemplate attributes = new NativeTemplate(access, template);
        NativeBlock input = access.allocate(Math.max(1, wrapped.length));
        NativeBlock handle = access.allocate(CkLayout.ULONG)) {
      input.write(0, wrapped, wrapped.length);
      call(
          CkFunction.UNWRAP_KEY,
          session,
          mechanism.address(),
          unwrappingKey,
          input.address(),
          wrapped.length,
          attributes.address(),
          attributes.count(),
          handle.address());
      return handle.getLong(0);
    }
  }

  @Override
  public void generateRandom(long session, byte[] target) {
    try (NativeBlock random = access.allocate(target.length)) {
      try {
        call(CkFunction.GENERATE_RANDOM, session, random.address(), target.length);
        random.read(0, target, target.length);
      } finally {
        random.clear(0, target.length);
      }
    }
  }

  @Override
  public GcmBuffers newGcmBuffers(int maxInput, int maxAad) {
    return new NativeGcmBuffers(access, maxInput, maxAad);
  }

  @Override
  public void encryptInit(long session, GcmBuffers buffers, GcmParameters parameters, long key) {
    NativeGcmBuffers memory = (NativeGcmBuffers) buffers;
    call(CkFunction.ENCRYPT_INIT, session, memory.mechanism(parameters), key);
  }

  @Override
  public int encrypt(long session, GcmBuffers buffers, byte[] input, byte[] output) {
    return crypt(CkFunction.ENCRYPT, session, (NativeGcmBuffers) buffers, input, output);
  }

  @Override
  public void decryptInit(long session, GcmBuffers buffers, GcmParameters parameters, long key) {
    NativeGcmBuffers memory = (NativeGcmBuffers) buffers;
    call(CkFunction.DECRYPT_INIT, session, memory.mechanism(parameters), key);
  }

  @Override
  public int decrypt(long session, GcmBuffers buffers, byte[] input, byte[] output) {
    return crypt(CkFunction.DECRYPT, session, (NativeGcmBuffers) buffers, input, output);
  }

  private int crypt(
      CkFunction function, long session, NativeGcmBuffers memory, byte[] input, byte[] output) {
    long from = memory.input(input);
    long length = memory.length();
    call(function, session, from, input.length, memory.output(), length);
    return memory.takeOutput(output);
  }

  @Override
  public void close() {
    access.close();
  }

  private NativeBlock mechanism(long type) {
    NativeBlock block = access.allocate(CkLayout.Mechanism.SIZE);
    block.putLong(0, type);
    return block;
  }

  /** A list may grow between the question for its length and the one for its content. */
  private long[] list(CkFunction function, long of) {
    try (NativeBlock count = access.allocate(CkLayout.ULONG)) {
      for (int tries = 1; ; tries++) {
        call(function, of, 0, count.address());
        long room = count.getLong(0) + 8;
        count.putLong(0, room);
        try (NativeBlock values = access.allocate(room * CkLayout.ULONG)) {
          call(function, of, values.address(), count.address());
          return words(values, (int) Math.min(room, count.getLong(0)));
        } catch (Pkcs11Exception e) {
          if (e.code() != Ckr.BUFFER_TOO_SMALL || tries == LIST_TRIES) {
            throw e;
          }
        }
      }
    }
  }

  private static long[] words(NativeBlock block, int count) {
    long[] words = new long[count];
    Arrays.setAll(words, i -> block.getLong((long) i * CkLayout.ULONG));
    return words;
  }

  private static String text(NativeBlock block, long offset, int length) {
    byte[] bytes = new byte[length];
    block.read(offset, bytes, length);
    return new String(bytes, UTF_8).replace('\0', ' ').stripTrailing();
  }

  private static String version(NativeBlock block, long offset) {
    byte[] bytes = new byte[2];
    block.read(offset, bytes, 2);
    return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff);
  }

  private void call(CkFunction function, long... words) {
    long result = access.call(function, words);
    if (result != Ckr.OK) {
      throw new Pkcs11Exception(function, result);
    }
  }
}
