// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.testkit.kmip.KmipServerOptions.Habit;

/** AES-GCM by the platform. */
final class GcmEngine {

  private static final int GCM = 9;
  private static final int IV_BYTES = 12;
  private static final int SHORTEST_TAG = 12;
  private static final int LONGEST_TAG = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private GcmEngine() {}

  private record Input(ShelfKey key, Parameters parameters, Optional<byte[]> aad) {}

  private record Parameters(int tagBytes, boolean randomIv) {}

  static List<Item> encrypt(KmipServerOptions options, Caller caller, ShelfKey key, Item payload) {
    Parameters parameters = parameters(payload);
    Input input = new Input(key, parameters, aad(options, caller, payload));
    byte[] iv = parameters.randomIv() ? newIv() : payload.get(Tags.IV).asBytes();
    byte[] out = run(options, Cipher.ENCRYPT_MODE, input, iv, payload.get(Tags.DATA).asBytes());
    int length = out.length - parameters.tagBytes();
    boolean appended = options.has(Habit.TAG_APPENDED);
    List<Item> fields = new ArrayList<>();
    fields.add(payload.get(Tags.UNIQUE_IDENTIFIER));
    fields.add(Item.bytes(Tags.DATA, appended ? out : Arrays.copyOf(out, length)));
    if (parameters.randomIv()) {
      fields.add(Item.bytes(Tags.IV, iv));
    }
    if (caller.hasTags() && !appended) {
      fields.add(Item.bytes(Tags.TAG, Arrays.copyOfRange(out, length, out.length)));
    }
    return fields;
  }

  static List<Item> decrypt(KmipServerOptions options, Caller caller, ShelfKey key, Item payload) {
    Input input = new Input(key, parameters(payload), aad(options, caller, payload));
    byte[] data = payload.get(Tags.DATA).asBytes();
    byte[] tag = payload.find(Tags.TAG).map(Item::asBytes).orElse(new byte[0]);
    byte[] both = Arrays.copyOf(data, data.length + tag.length);
    System.arraycopy(tag, 0, both, data.length, tag.length);
    byte[] plaintext =
        run(options, Cipher.DECRYPT_MODE, input, payload.get(Tags.IV).asBytes(), both);
    return List.of(payload.get(Tags.UNIQUE_IDENTIFIER), Item.bytes(Tags.DATA, plaintext));
  }

  private static byte[] run(
      KmipServerOptions options, int mode, Input input, byte[] iv, byte[] data) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          mode,
          new SecretKeySpec(input.key().material(), "AES"),
          new GCMParameterSpec(input.parameters().tagBytes() * 8, iv));
      input.aad().ifPresent(cipher::updateAAD);
      return cipher.doFinal(data);
    } catch (AEADBadTagException e) {
      boolean general = options.has(Habit.GENERAL_FAILURE_FOR_BAD_TAG);
      throw new Refusal(
          general ? Refusal.GENERAL_FAILURE : Refusal.CRYPTOGRAPHIC_FAILURE, "no such tag");
    } catch (GeneralSecurityException e) {
      throw new Refusal(Refusal.CRYPTOGRAPHIC_FAILURE, "can't compute that");
    }
  }

  private static Optional<byte[]> aad(KmipServerOptions options, Caller caller, Item payload) {
    return options.has(Habit.IGNORES_AAD) || !caller.hasTags()
        ? Optional.empty()
        : payload.find(Tags.AAD).map(Item::asBytes);
  }

  private static Parameters parameters(Item payload) {
    Item given = payload.get(Tags.PARAMETERS);
    if (given.get(Tags.BLOCK_CIPHER_MODE).asNumber() != GCM) {
      throw new Refusal(Refusal.INVALID_FIELD, "only GCM is done here");
    }
    int tagBytes = given.find(Tags.TAG_LENGTH).map(Item::asNumber).orElse(LONGEST_TAG);
    if (tagBytes < SHORTEST_TAG || tagBytes > LONGEST_TAG) {
      throw new Refusal(Refusal.GENERAL_FAILURE, "no tag of that length");
    }
    return new Parameters(tagBytes, given.find(Tags.RANDOM_IV).map(Item::asTruth).orElse(false));
  }

  private static byte[] newIv() {
    byte[] iv = new byte[IV_BYTES];
    RANDOM.nextBytes(iv);
    return iv;
  }
}
