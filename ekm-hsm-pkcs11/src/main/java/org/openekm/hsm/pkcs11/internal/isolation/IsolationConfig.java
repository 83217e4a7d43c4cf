// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.time.Duration;
import java.util.Map;
import org.openekm.spi.backend.Capabilities;

/**
 * How a token's process is run.
 *
 * @param mainClass the class that starts it
 * @param settings the backend's settings in it
 * @param connections how many calls it works on at once
 * @param capabilities what the backend in it can do
 * @param spare true to keep a second process ready
 * @param hangAfter how long after its deadline a call may stay unanswered before the process counts
 *     as hanging
 */
public record IsolationConfig(
    String mainClass,
    Map<String, String> settings,
    int connections,
    Capabilities capabilities,
    boolean spare,
    Duration hangAfter) {

  /** Copies the map. */
  public IsolationConfig {
    settings = Map.copyOf(settings);
  }
}
