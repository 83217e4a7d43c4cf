// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.openekm.api.Deadline;
import org.openekm.api.KeyVersionId;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ck;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkLayout;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cka;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckm;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.hsm.pkcs11.internal.cryptoki.Template;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.NewKey;

/** Looks into one token on behalf of an operator. Used by one thread. */
public final class TokenInspector implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MOST_KEYS = 1000;

  private final TokenConfig config;
  private final ComponentContext context;
  private final Pkcs11Token token;
  private final TokenSession session;

  /** Opens a token; it is reached with the first question. */
  public TokenInspector(TokenConfig config, SharedLibraries libraries, ComponentContext context) {
    this.config = config;
    this.context = context;
    this.token = new Pkcs11Token(context.instanceName(), config, libraries, context);
    this.session = token.newSession();
  }

  /**
   * What came of one way to do AES-GCM.
   *
   * @param mode who makes IVs
   * @param works true if the self-test passed
   * @param detail what went wrong, or nothing
   */
  public record Trial(IvMode mode, boolean works, String detail) {}

  /**
   * A key in the token.
   *
   * @param id its CKA_ID in hexadecimal
   * @param label its CKA_LABEL
   * @param lengthBytes its length; 0 if the token does not tell
   * @param problem why it would not be used; empty if it would
   */
  public record Key(String id, String label, int lengthBytes, Optional<String> problem) {}

  /** Tries each way to do AES-GCM with a key that goes with the session. */
  public List<Trial> tryModes() {
    List<Trial> trials = new ArrayList<>();
    for (IvMode mode : IvMode.values()) {
      trials.add(tryMode(mode));
    }
    return trials;
  }

  private Trial tryMode(IvMode mode) {
    TokenConfig.Gcm gcm =
        new TokenConfig.Gcm(
            config.gcm().mechanism(),
            mode,
            Optional.empty(),
            config.gcm().maxPlaintext(),
            config.gcm().maxAad());
    try {
      return run(
          (mine, generation) -> {
            Cryptoki cryptoki = mine.cryptoki();
            long key = cryptoki.generateKey(mine.handle(), Ckm.AES_KEY_GEN, sessionKey());
            try {
              GcmSelfTest.run(new GcmCipher(gcm), mine, key);
              return new Trial(mode, true, "");
            } finally {
              cryptoki.destroyObject(mine.handle(), key);
            }
          });
    } catch (BackendException e) {
      return new Trial(mode, false, String.valueOf(e.getMessage()));
    }
  }

  private static Template sessionKey() {
    return Template.builder()
        .number(Cka.CLASS, Ck.CKO_SECRET_KEY)
        .number(Cka.KEY_TYPE, Ck.CKK_AES)
        .flag(Cka.TOKEN, false)
        .flag(Cka.ENCRYPT, true)
        .flag(Cka.DECRYPT, true)
        .number(Cka.VALUE_LEN, 32)
        .build();
  }

  /** Lists the AES keys that have an id, at most 1000. */
  public List<Key> keys() {
    return run(
        (mine, generation) -> {
          List<Key> keys = new ArrayList<>();
          KeyFinder finder = new KeyFinder(config.keys());
          for (long handle : handles(mine)) {
            describe(mine, generation, finder, handle).ifPresent(keys::add);
          }
          return keys;
        });
  }

  private static List<Long> handles(TokenSession mine) {
    Template wanted = Template.builder().number(Cka.CLASS, Ck.CKO_SECRET_KEY).build();
    List<Long> handles = new ArrayList<>();
    mine.cryptoki().findObjectsInit(mine.handle(), wanted);
    try {
      for (long handle : mine.cryptoki().findObjects(mine.handle(), MOST_KEYS)) {
        handles.add(handle);
      }
    } finally {
      mine.cryptoki().findObjectsFinal(mine.handle());
    }
    return handles;
  }

  private static Optional<Key> describe(
      TokenSession mine, Generation generation, KeyFinder finder, long handle) {
    byte[] type = value(mine, handle, Cka.KEY_TYPE);
    if (type.length != CkLayout.ULONG || CkLayout.ulong(type) != Ck.CKK_AES) {
      return Optional.empty();
    }
    String id = HexFormat.of().formatHex(value(mine, handle, Cka.ID));
    String label = new String(value(mine, handle, Cka.LABEL), StandardCharsets.UTF_8);
    if (id.isEmpty()) {
      return Optional.of(new Key("", label, 0, Optional.of("has no CKA_ID; give it one")));
    }
    try {
      KeyObject found = finder.find(mine, generation, new BackendKeyRef(id));
      return Optional.of(new Key(id, label, found.lengthBytes(), Optional.empty()));
    } catch (BackendException | KeyNotFoundException e) {
      return Optional.of(new Key(id, label, 0, Optional.of(String.valueOf(e.getMessage()))));
    }
  }

  private static byte[] value(TokenSession mine, long handle, long attribute) {
    try {
      return mine.cryptoki().getAttributeValue(mine.handle(), handle, attribute);
    } catch (Pkcs11Exception e) {
      // An object that lacks the attribute, which is what is shown.
      return new byte[0];
    }
  }

  /** Makes an AES-256 key that can't leave the token, tries it, and returns its CKA_ID. */
  public String generate(String label) {
    NewKey wanted = new NewKey(new KeyVersionId(UUID.randomUUID()), label, 32);
    KeyFinder finder = new KeyFinder(config.keys());
    KeyMaker maker = new KeyMaker(config.keys(), finder);
    return run(
        (mine, generation) -> {
          BackendKeyRef made = maker.generate(mine, wanted);
          KeyObject key = finder.find(mine, generation, made);
          GcmSelfTest.run(new GcmCipher(config.gcm()), mine, key.handle());
          return made.value();
        });
  }

  private <T> T run(TokenOperation<T> operation) {
    return token.run(session, operation, Deadline.after(LIMIT, context.nanoClock()));
  }

  @Override
  public void close() {
    token.close();
    session.free();
  }
}
