// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.testtoken;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A real token for tests.
 *
 * @param module its library
 * @param pin its PIN
 * @param settings what a backend needs to reach it, without the PIN
 */
public record TestToken(Path module, String pin, Map<String, String> settings) {

  /** The name under which tests give the PIN as a secret. */
  public static final String PIN_REFERENCE = "${env:PIN}";

  /** Returns the settings with more of them, or others. */
  public Map<String, String> with(String... more) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("pin", PIN_REFERENCE);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }
}
