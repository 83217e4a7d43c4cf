// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.openekm.api.Operation;

/** What a request can say, independent of the name that a profile gives to it. */
enum RequestField {
  PLAINTEXT("plaintext"),
  CIPHERTEXT("ciphertext"),
  IV("iv"),
  TAG("tag"),
  AAD("aad"),
  KEY_VERSION_ID("keyVersionId"),
  LENGTH("length"),
  MODE("mode");

  private final String key;

  RequestField(String key) {
    this.key = key;
  }

  /** Returns the name by which profiles refer to this field. */
  String key() {
    return key;
  }

  static Optional<RequestField> ofKey(String key) {
    return Arrays.stream(values()).filter(field -> field.key.equals(key)).findFirst();
  }

  /** Returns the fields that a body of the operation may hold. */
  static Set<RequestField> inBody(Operation operation) {
    return switch (operation) {
      case ENCRYPT -> EnumSet.of(PLAINTEXT, IV, AAD, KEY_VERSION_ID, MODE);
      case DECRYPT -> EnumSet.of(CIPHERTEXT, IV, TAG, AAD, KEY_VERSION_ID, MODE);
      case GENERATE_RANDOM_BYTES -> EnumSet.of(LENGTH, AAD, KEY_VERSION_ID, MODE);
      default -> EnumSet.noneOf(RequestField.class);
    };
  }

  /** Returns the fields that a body of the operation can't do without. */
  static Set<RequestField> neededInBody(Operation operation) {
    return switch (operation) {
      case ENCRYPT -> EnumSet.of(PLAINTEXT);
      case DECRYPT -> EnumSet.of(CIPHERTEXT, IV);
      default -> EnumSet.noneOf(RequestField.class);
    };
  }

  /** Returns the fields that the query of the operation may hold. */
  static Set<RequestField> inQuery(Operation operation) {
    return switch (operation) {
      case ENCRYPT, DECRYPT -> EnumSet.of(KEY_VERSION_ID);
      case GENERATE_RANDOM_BYTES -> EnumSet.of(KEY_VERSION_ID, LENGTH);
      default -> EnumSet.noneOf(RequestField.class);
    };
  }
}
