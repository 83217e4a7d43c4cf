// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.Operation;

/** The text of each error, in general and for single operations. Immutable and thread-safe. */
final class ErrorTexts {

  private final Map<EkmErrorCode, String> general;
  private final Map<Operation, Map<EkmErrorCode, String>> special;

  ErrorTexts(Map<EkmErrorCode, String> general, Map<Operation, Map<EkmErrorCode, String>> special) {
    this.general = new EnumMap<>(general);
    this.special = new EnumMap<>(special);
  }

  String find(Optional<Operation> operation, EkmErrorCode code) {
    return operation
        .map(special::get)
        .map(texts -> texts.get(code))
        .orElseGet(() -> general.getOrDefault(code, code.name()));
  }
}
