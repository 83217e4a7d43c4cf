// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.io.IOException;

/** Asks the endpoint something and judges the answer. */
@FunctionalInterface
public interface Probe {

  /**
   * Runs once, on one thread.
   *
   * @throws Finding if the endpoint does not do what the check demands
   * @throws IOException if the endpoint can't be talked to
   */
  void run(Bench bench) throws IOException;
}
