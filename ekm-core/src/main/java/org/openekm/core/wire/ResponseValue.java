// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.openekm.api.Operation;

/** What an answer can say, independent of the name that a profile gives to it. */
enum ResponseValue {
  VAULT_ID("vaultId"),
  KEY_ID("keyId"),
  KEY_VERSION_ID("keyVersionId"),
  CURRENT_KEY_VERSION_ID("currentKeyVersionId"),
  NAME("name"),
  STATE("state"),
  VENDOR("vendor"),
  TIME_CREATED("timeCreated"),
  ALGORITHM("algorithm"),
  LENGTH_BYTES("lengthBytes"),
  LENGTH_BITS("lengthBits"),
  IS_CURRENT("isCurrent"),
  PLAINTEXT("plaintext"),
  CIPHERTEXT("ciphertext"),
  CIPHERTEXT_AND_TAG("ciphertextAndTag"),
  IV("iv"),
  TAG("tag"),
  MODE("mode");

  private final String key;

  ResponseValue(String key) {
    this.key = key;
  }

  /** Returns the name by which profiles refer to this value. */
  String key() {
    return key;
  }

  static Optional<ResponseValue> ofKey(String key) {
    return Arrays.stream(values()).filter(value -> value.key.equals(key)).findFirst();
  }

  /** Returns what an answer to the operation can say. */
  static Set<ResponseValue> of(Operation operation) {
    return switch (operation) {
      case GET_VAULT_METADATA -> EnumSet.of(VAULT_ID, NAME, STATE, VENDOR, TIME_CREATED);
      case GET_KEY_METADATA -> ofKey();
      case GET_KEY_VERSION_METADATA -> {
        EnumSet<ResponseValue> values = ofKey();
        values.add(IS_CURRENT);
        yield values;
      }
      case ENCRYPT -> ofSealed();
      case DECRYPT -> EnumSet.of(VAULT_ID, KEY_ID, KEY_VERSION_ID, PLAINTEXT, MODE);
      case GENERATE_RANDOM_BYTES -> {
        EnumSet<ResponseValue> values = ofSealed();
        values.add(PLAINTEXT);
        yield values;
      }
    };
  }

  /** Returns what an answer to the operation must say to be of any use. */
  static Set<ResponseValue> neededIn(Operation operation) {
    return switch (operation) {
      case GET_VAULT_METADATA -> EnumSet.noneOf(ResponseValue.class);
      case GET_KEY_METADATA, GET_KEY_VERSION_METADATA -> EnumSet.of(KEY_VERSION_ID);
      case ENCRYPT -> EnumSet.of(IV);
      case DECRYPT, GENERATE_RANDOM_BYTES -> EnumSet.of(PLAINTEXT);
    };
  }

  private static EnumSet<ResponseValue> ofKey() {
    return EnumSet.of(
        VAULT_ID,
        KEY_ID,
        KEY_VERSION_ID,
        CURRENT_KEY_VERSION_ID,
        NAME,
        STATE,
        VENDOR,
        TIME_CREATED,
        ALGORITHM,
        LENGTH_BYTES,
        LENGTH_BITS);
  }

  private static EnumSet<ResponseValue> ofSealed() {
    return EnumSet.of(
        VAULT_ID, KEY_ID, KEY_VERSION_ID, CIPHERTEXT, CIPHERTEXT_AND_TAG, IV, TAG, MODE);
  }
}
