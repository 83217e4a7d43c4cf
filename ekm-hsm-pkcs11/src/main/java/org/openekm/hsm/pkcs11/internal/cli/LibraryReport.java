// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openekm.hsm.pkcs11.VendorProfile;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckf;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckm;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.InitializeArguments;
import org.openekm.hsm.pkcs11.internal.cryptoki.LibraryInfo;
import org.openekm.hsm.pkcs11.internal.cryptoki.MechanismInfo;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.hsm.pkcs11.internal.cryptoki.TokenInfo;

/**
 * What a library tells without a log-in.
 *
 * @param library the library
 * @param profile the profile that fits its maker
 * @param tokens its tokens
 */
record LibraryReport(LibraryInfo library, VendorProfile profile, List<Slot> tokens) {

  /**
   * A slot with a token.
   *
   * @param slot its number
   * @param token what the token tells
   * @param gcm what it says of AES-GCM
   * @param random true if it has a random generator
   */
  record Slot(long slot, TokenInfo token, String gcm, boolean random) {}

  /** Asks the library, which is started and ended for it. */
  static LibraryReport of(Cryptoki cryptoki, TokenOptions options) {
    cryptoki.initialize(new InitializeArguments(options.initArgs().orElse(null), true));
    try {
      LibraryInfo library = cryptoki.getInfo();
      List<Slot> tokens = new ArrayList<>();
      for (long slot : cryptoki.getSlotList(true)) {
        TokenInfo token = cryptoki.getTokenInfo(slot);
        if (token.has(Ckf.TOKEN_INITIALIZED)) {
          tokens.add(new Slot(slot, token, gcm(cryptoki, slot), token.has(Ckf.RNG)));
        }
      }
      return new LibraryReport(
          library, VendorProfile.ofManufacturer(library.manufacturer()), tokens);
    } finally {
      cryptoki.finalizeLibrary();
    }
  }

  private static String gcm(Cryptoki cryptoki, long slot) {
    try {
      MechanismInfo gcm = cryptoki.getMechanismInfo(slot, Ckm.AES_GCM);
      boolean both = (gcm.flags() & Ckf.ENCRYPT) != 0 && (gcm.flags() & Ckf.DECRYPT) != 0;
      return (both ? "yes" : "not for both encryption and decryption")
          + ", keys of "
          + gcm.minKeySize()
          + " to "
          + gcm.maxKeySize()
          + " bytes";
    } catch (Pkcs11Exception e) {
      return "no (" + e.getMessage() + ")";
    }
  }

  void print(PrintWriter out) {
    out.println("Library   " + library.description() + ", " + library.manufacturer());
    out.println("Version   " + library.version());
    out.println(
        "Profile   "
            + profile.name()
            + " ("
            + profile.title()
            + "; "
            + profile.evidence().name().toLowerCase(Locale.ROOT)
            + ")");
    profile.unsupported().ifPresent(why -> out.println("          can't be used: " + why));
    if (tokens.isEmpty()) {
      out.println("It shows no token. Is it plugged in, and may this user reach it?");
    }
    for (Slot slot : tokens) {
      TokenInfo token = slot.token();
      out.println();
      out.println("Token     " + token.label());
      out.println("  serial    " + token.serialNumber());
      out.println("  slot      " + Long.toUnsignedString(slot.slot()));
      out.println("  model     " + token.manufacturer() + ", " + token.model());
      out.println("  firmware  " + token.firmwareVersion());
      out.println("  AES-GCM   " + slot.gcm());
      out.println("  random    " + (slot.random() ? "yes" : "no"));
      out.println("  sessions  " + limit(token.maxSessionCount()));
      out.println("  PIN       " + pin(token));
    }
  }

  private static String limit(long count) {
    return TokenInfo.unlimited(count) ? "no limit" : "at most " + count;
  }

  private static String pin(TokenInfo token) {
    if (token.has(Ckf.USER_PIN_LOCKED)) {
      return "LOCKED: the security officer must set a new one";
    } else if (token.has(Ckf.USER_PIN_FINAL_TRY)) {
      return "ONE TRY LEFT before it is locked";
    } else if (token.has(Ckf.USER_PIN_COUNT_LOW)) {
      return "a wrong one has been tried";
    }
    return token.has(Ckf.LOGIN_REQUIRED) ? "needed" : "not needed";
  }

  Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("description", library.description());
    all.put("manufacturer", library.manufacturer());
    all.put("version", library.version());
    all.put("profile", profile.name());
    all.put("tokens", tokens.stream().map(LibraryReport::json).toList());
    return all;
  }

  private static Map<String, Object> json(Slot slot) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("label", slot.token().label());
    one.put("serial", slot.token().serialNumber());
    one.put("slot", Long.toUnsignedString(slot.slot()));
    one.put("model", slot.token().model());
    one.put("firmware", slot.token().firmwareVersion());
    one.put("gcm", slot.gcm());
    one.put("random", slot.random());
    one.put("pin", pin(slot.token()));
    return one;
  }
}
