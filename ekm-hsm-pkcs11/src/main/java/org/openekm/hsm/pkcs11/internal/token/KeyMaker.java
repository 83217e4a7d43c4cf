// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Cipher;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ck;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cka;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckm;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.KeyPairHandles;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.hsm.pkcs11.internal.cryptoki.Template;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.NewKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, takes in and destroys keys. The CKA_ID of a key is the id of its key version, so a call
 * that is repeated finds the key that the first one has made. Thread-safe.
 */
final class KeyMaker {

  private static final Logger LOG = LoggerFactory.getLogger(KeyMaker.class);
  private static final int RSA_BITS = 2048;

  private final TokenConfig.Keys rules;
  private final KeyFinder finder;

  KeyMaker(TokenConfig.Keys rules, KeyFinder finder) {
    this.rules = rules;
    this.finder = finder;
  }

  BackendKeyRef generate(TokenSession session, NewKey wanted) {
    byte[] id = id(wanted);
    if (finder.search(session, id, 1).isEmpty()) {
      Template template = keyTemplate(wanted, id, true).build();
      session.cryptoki().generateKey(session.handle(), Ckm.AES_KEY_GEN, template);
    }
    return ref(id);
  }

  BackendKeyRef take(TokenSession session, NewKey wanted, SecretBytes material) {
    byte[] id = id(wanted);
    if (finder.search(session, id, 1).isEmpty()) {
      if (rules.importing() == TokenConfig.Importing.CREATE) {
        create(session, wanted, material);
      } else {
        unwrap(session, wanted, material);
      }
    }
    return ref(id);
  }

  /** Takes in what is wrapped under a key of the token, which alone sees it in the clear. */
  BackendKeyRef unwrap(
      TokenSession session, NewKey wanted, BackendKeyRef wrappingKey, byte[] wrapped) {
    byte[] id = id(wanted);
    if (finder.search(session, id, 1).isEmpty()) {
      KeyObject unwrapping = finder.findUnwrapping(session, wrappingKey);
      session
          .cryptoki()
          .unwrapKey(
              session.handle(),
              rules.unwrapping().mechanism(),
              unwrapping.handle(),
              wrapped,
              keyTemplate(wanted, id, false).build());
    }
    return ref(id);
  }

  void destroy(TokenSession session, Generation generation, BackendKeyRef ref) {
    generation.keys().remove(ref.value());
    byte[] id = KeyFinder.id(ref);
    for (List<Long> handles = finder.search(session, id, 8);
        !handles.isEmpty();
        handles = finder.search(session, id, 8)) {
      for (long handle : handles) {
        session.cryptoki().destroyObject(session.handle(), handle);
      }
    }
  }

  private static byte[] id(NewKey wanted) {
    UUID uuid = wanted.version().value();
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  private static BackendKeyRef ref(byte[] id) {
    return new BackendKeyRef(HexFormat.of().formatHex(id));
  }

  private Template.Builder keyTemplate(NewKey wanted, byte[] id, boolean withLength) {
    Template.Builder template = Template.builder();
    template.number(Cka.CLASS, Ck.CKO_SECRET_KEY).number(Cka.KEY_TYPE, Ck.CKK_AES);
    flag(template, Cka.TOKEN, true);
    flag(template, Cka.PRIVATE, true);
    flag(template, Cka.SENSITIVE, true);
    flag(template, Cka.EXTRACTABLE, false);
    flag(template, Cka.ENCRYPT, true);
    flag(template, Cka.DECRYPT, true);
    flag(template, Cka.WRAP, false);
    flag(template, Cka.UNWRAP, false);
    template.bytes(Cka.ID, id);
    template.bytes(Cka.LABEL, wanted.label().getBytes(StandardCharsets.UTF_8));
    return withLength ? template.number(Cka.VALUE_LEN, wanted.lengthBytes()) : template;
  }

  private void flag(Template.Builder template, long attribute, boolean value) {
    if (!rules.leaveOut().contains(attribute)) {
      template.flag(attribute, value);
    }
  }

  private void create(TokenSession session, NewKey wanted, SecretBytes material) {
    Template template =
        material.read(
            bytes -> keyTemplate(wanted, id(wanted), false).bytes(Cka.VALUE, bytes).build());
    try {
      session.cryptoki().createObject(session.handle(), template);
    } finally {
      template.wipe();
    }
  }

  /**
   * The material crosses to the library only under a key pair that was made for this one import.
   */
  private void unwrap(TokenSession session, NewKey wanted, SecretBytes material) {
    Cryptoki cryptoki = session.cryptoki();
    KeyPairHandles pair =
        cryptoki.generateKeyPair(
            session.handle(), Ckm.RSA_PKCS_KEY_PAIR_GEN, publicTemplate(), privateTemplate());
    try {
      byte[] wrapped = wrap(publicKey(session, pair.publicKey()), material);
      cryptoki.unwrapKey(
          session.handle(),
          Ckm.RSA_PKCS_OAEP,
          pair.privateKey(),
          wrapped,
          keyTemplate(wanted, id(wanted), false).build());
    } catch (Pkcs11Exception e) {
      if (FaultTable.of(e) == Fault.BAD_CIPHERTEXT) {
        throw new BackendException.Misconfigured(
            "the token can't open what was wrapped under its own RSA key; try 'import: create'", e);
      }
      throw e;
    } finally {
      destroyQuietly(session, pair.publicKey());
      destroyQuietly(session, pair.privateKey());
    }
  }

  private static void destroyQuietly(TokenSession session, long handle) {
    try {
      session.cryptoki().destroyObject(session.handle(), handle);
    } catch (Pkcs11Exception e) {
      // It belongs to the session and goes with it at the latest.
      LOG.debug("a key pair for an import could not be removed: {}", e.getMessage());
    }
  }

  private static Template publicTemplate() {
    return Template.builder()
        .flag(Cka.TOKEN, false)
        .flag(Cka.WRAP, true)
        .number(Cka.MODULUS_BITS, RSA_BITS)
        .bytes(Cka.PUBLIC_EXPONENT, new byte[] {1, 0, 1})
        .build();
  }

  private static Template privateTemplate() {
    return Template.builder()
        .flag(Cka.TOKEN, false)
        .flag(Cka.PRIVATE, true)
        .flag(Cka.SENSITIVE, true)
        .flag(Cka.EXTRACTABLE, false)
        .flag(Cka.UNWRAP, true)
        .build();
  }

  private static PublicKey publicKey(TokenSession session, long handle) {
    Cryptoki cryptoki = session.cryptoki();
    BigInteger modulus =
        new BigInteger(1, cryptoki.getAttributeValue(session.handle(), handle, Cka.MODULUS));
    BigInteger exponent =
        new BigInteger(
            1, cryptoki.getAttributeValue(session.handle(), handle, Cka.PUBLIC_EXPONENT));
    try {
      return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the token's RSA key is none", e);
    }
  }

  private static byte[] wrap(PublicKey key, SecretBytes material) {
    return material.read(
        bytes -> {
          try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, key);
            return cipher.doFinal(bytes);
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform has no RSA-OAEP", e);
          }
        });
  }
}
