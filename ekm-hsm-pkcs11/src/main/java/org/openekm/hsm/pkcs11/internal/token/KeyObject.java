// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.List;

/**
 * An AES key that was found in the token and fits the rules.
 *
 * @param handle its handle, valid within one generation
 * @param lengthBytes its length
 * @param warnings what is wrong with it, if the rules let it pass
 */
record KeyObject(long handle, int lengthBytes, List<String> warnings) {

  KeyObject {
    warnings = List.copyOf(warnings);
  }
}
