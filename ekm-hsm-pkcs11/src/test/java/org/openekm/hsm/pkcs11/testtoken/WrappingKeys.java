// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.testtoken;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.hsm.pkcs11.internal.binding.Binding;
import org.openekm.hsm.pkcs11.internal.binding.CryptokiLibraries;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ck;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cka;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckf;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.Template;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;

/** Puts keys into a token that unwrap others, as an operator does by the vendor's tools. */
public final class WrappingKeys {

  private static final SecureRandom RANDOM = new SecureRandom();

  private WrappingKeys() {}

  /** Puts one in that does nothing else. */
  public static BackendKeyRef put(TestToken token, byte[] material) {
    return put(token, material, true, false);
  }

  /** Puts one in. */
  public static BackendKeyRef put(
      TestToken token, byte[] material, boolean unwraps, boolean decrypts) {
    byte[] id = new byte[16];
    RANDOM.nextBytes(id);
    try (KeyBackend open = Backends.open(token)) {
      // Has the library initialized and logged in.
      open.randomBytes(1, Deadline.after(Duration.ofSeconds(10), NanoClock.system())).destroy();
      Cryptoki cryptoki = CryptokiLibraries.open(token.module(), Binding.JNA);
      long session =
          cryptoki.openSession(slot(cryptoki, token), Ckf.SERIAL_SESSION | Ckf.RW_SESSION);
      try {
        cryptoki.createObject(session, template(id, material, unwraps, decrypts));
      } finally {
        cryptoki.closeSession(session);
      }
    }
    return new BackendKeyRef(HexFormat.of().formatHex(id));
  }

  private static Template template(byte[] id, byte[] material, boolean unwraps, boolean decrypts) {
    return Template.builder()
        .number(Cka.CLASS, Ck.CKO_SECRET_KEY)
        .number(Cka.KEY_TYPE, Ck.CKK_AES)
        .flag(Cka.TOKEN, true)
        .flag(Cka.PRIVATE, true)
        .flag(Cka.SENSITIVE, true)
        .flag(Cka.EXTRACTABLE, false)
        .flag(Cka.ENCRYPT, decrypts)
        .flag(Cka.DECRYPT, decrypts)
        .flag(Cka.WRAP, false)
        .flag(Cka.UNWRAP, unwraps)
        .bytes(Cka.ID, id)
        .bytes(Cka.VALUE, material)
        .build();
  }

  private static long slot(Cryptoki cryptoki, TestToken token) {
    for (long slot : cryptoki.getSlotList(true)) {
      if (cryptoki.getTokenInfo(slot).label().equals(token.settings().get("token.label"))) {
        return slot;
      }
    }
    throw new IllegalStateException("no such token");
  }
}
