// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ck;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkLayout;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cka;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.hsm.pkcs11.internal.cryptoki.Template;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;

/**
 * Finds keys by CKA_ID and looks at their attributes, once per log-in: a search takes SoftHSM up to
 * 29 ms among a thousand keys (measured). Thread-safe.
 */
final class KeyFinder {

  private static final int FULL_LENGTH = 32;

  private final TokenConfig.Keys rules;

  KeyFinder(TokenConfig.Keys rules) {
    this.rules = rules;
  }

  /** Returns the CKA_ID that a reference stands for. */
  static byte[] id(BackendKeyRef ref) {
    try {
      byte[] id = HexFormat.of().parseHex(ref.value().toLowerCase(Locale.ROOT));
      if (id.length > 0) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      throw noReference(ref, e);
    }
    throw noReference(ref, null);
  }

  private static BackendException noReference(BackendKeyRef ref, @Nullable Throwable cause) {
    return new BackendException.KeyMissing(
        "'" + ref + "' is not a CKA_ID in hexadecimal, so the token can't have such a key", cause);
  }

  /**
   * Returns the key.
   *
   * @throws KeyNotFoundException if the token shows none
   * @throws BackendException.KeyUnusable if there are several, or it does not fit the rules
   */
  KeyObject find(TokenSession session, Generation generation, BackendKeyRef ref) {
    KeyObject known = generation.keys().get(ref.value());
    if (known != null) {
      return known;
    }
    long handle = only(session, ref);
    if (!flag(session, handle, Cka.ENCRYPT).orElse(true)
        || !flag(session, handle, Cka.DECRYPT).orElse(true)) {
      throw unusable(ref, "may not encrypt and decrypt (CKA_ENCRYPT, CKA_DECRYPT)");
    }
    KeyObject key = inspect(session, handle, ref, new ArrayList<>());
    generation.keys().put(ref.value(), key);
    return key;
  }

  /**
   * Returns the key for unwrapping others.
   *
   * @throws KeyNotFoundException if the token shows none
   * @throws BackendException.KeyUnusable if there are several, or it does not fit the rules; one
   *     that also decrypts does not, for it would give out in the clear what is wrapped under it
   */
  KeyObject findUnwrapping(TokenSession session, BackendKeyRef ref) {
    long handle = only(session, ref);
    if (!flag(session, handle, Cka.UNWRAP).orElse(false)) {
      throw unusable(ref, "may not unwrap other keys (CKA_UNWRAP)");
    }
    List<String> weak = new ArrayList<>();
    if (flag(session, handle, Cka.DECRYPT).orElse(true)) {
      weak.add("may decrypt what is wrapped under it (CKA_DECRYPT)");
    }
    return inspect(session, handle, ref, weak);
  }

  /** Returns true if the key is there and does nothing but unwrap. */
  boolean unwrapsOnly(TokenSession session, BackendKeyRef ref) {
    long handle = only(session, ref);
    return flag(session, handle, Cka.UNWRAP).orElse(false)
        && !flag(session, handle, Cka.ENCRYPT).orElse(true)
        && !flag(session, handle, Cka.DECRYPT).orElse(true);
  }

  private long only(TokenSession session, BackendKeyRef ref) {
    List<Long> handles = search(session, id(ref), 2);
    if (handles.isEmpty()) {
      throw new KeyNotFoundException(ref.value());
    }
    if (handles.size() > 1) {
      throw new BackendException.KeyUnusable(
          "the token has more than one secret key with CKA_ID " + ref + "; remove or rename one",
          null);
    }
    return handles.get(0);
  }

  /** Returns the handles of secret keys with this id, at most {@code max}. */
  List<Long> search(TokenSession session, byte[] id, int max) {
    Cryptoki cryptoki = session.cryptoki();
    Template wanted =
        Template.builder().number(Cka.CLASS, Ck.CKO_SECRET_KEY).bytes(Cka.ID, id).build();
    List<Long> handles = new ArrayList<>();
    cryptoki.findObjectsInit(session.handle(), wanted);
    try {
      for (long handle : cryptoki.findObjects(session.handle(), max)) {
        handles.add(handle);
      }
    } finally {
      // A search left open would spoil the session for the next one.
      cryptoki.findObjectsFinal(session.handle());
    }
    return handles;
  }

  private KeyObject inspect(
      TokenSession session, long handle, BackendKeyRef ref, List<String> weak) {
    long type =
        CkLayout.ulong(
            session.cryptoki().getAttributeValue(session.handle(), handle, Cka.KEY_TYPE));
    if (type != Ck.CKK_AES) {
      throw unusable(ref, "is not an AES key");
    }
    Optional<Boolean> sensitive = flag(session, handle, Cka.SENSITIVE);
    Optional<Boolean> extractable = flag(session, handle, Cka.EXTRACTABLE);
    // SoftHSM gives 0 for keys that were unwrapped (measured).
    int length = Math.toIntExact(number(session, handle, Cka.VALUE_LEN).orElse(0L));
    List<String> untold = new ArrayList<>();
    untold(untold, sensitive.isEmpty(), "whether it is sensitive (CKA_SENSITIVE)");
    untold(untold, extractable.isEmpty(), "whether it can be extracted (CKA_EXTRACTABLE)");
    untold(untold, length == 0, "its length (CKA_VALUE_LEN)");
    if (!sensitive.orElse(true)) {
      weak.add("is not marked sensitive (CKA_SENSITIVE)");
    }
    if (extractable.orElse(false)) {
      weak.add("can be extracted (CKA_EXTRACTABLE)");
    }
    if (length != 0 && length != FULL_LENGTH) {
      weak.add("has " + length * 8 + " bits instead of 256");
    }
    return judged(new KeyObject(handle, length, weak), untold, ref);
  }

  private static void untold(List<String> list, boolean isUntold, String what) {
    if (isUntold) {
      list.add("does not tell " + what);
    }
  }

  /** A key that is weak is unusable; one that the token says too little of is a wrong setting. */
  private KeyObject judged(KeyObject key, List<String> untold, BackendKeyRef ref) {
    String advice = "; replace it, or set 'key-check: warn' to allow it";
    if (rules.refuseWeak() && !key.warnings().isEmpty()) {
      throw unusable(ref, String.join(", ", key.warnings()) + advice);
    }
    if (rules.refuseWeak() && !untold.isEmpty()) {
      throw new BackendException.Misconfigured(
          "the key with CKA_ID " + ref + " " + String.join(", ", untold) + advice, null);
    }
    List<String> all = new ArrayList<>(key.warnings());
    all.addAll(untold);
    return new KeyObject(key.handle(), key.lengthBytes(), all);
  }

  private static BackendException unusable(BackendKeyRef ref, String why) {
    return new BackendException.KeyUnusable("the key with CKA_ID " + ref + " " + why, null);
  }

  private static Optional<Long> number(TokenSession session, long key, long attribute) {
    return value(session, key, attribute)
        .filter(value -> value.length == CkLayout.ULONG)
        .map(CkLayout::ulong);
  }

  private static Optional<Boolean> flag(TokenSession session, long key, long attribute) {
    return value(session, key, attribute)
        .filter(value -> value.length == 1)
        .map(value -> value[0] != 0);
  }

  /** Attributes are read one by one: in a batch NSS lets one that it lacks spoil the answer. */
  private static Optional<byte[]> value(TokenSession session, long key, long attribute) {
    try {
      return Optional.of(session.cryptoki().getAttributeValue(session.handle(), key, attribute));
    } catch (Pkcs11Exception e) {
      if (e.code() == Ckr.ATTRIBUTE_TYPE_INVALID || e.code() == Ckr.ATTRIBUTE_SENSITIVE) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
