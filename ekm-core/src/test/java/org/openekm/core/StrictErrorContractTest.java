// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

/** The error contract with the profile {@code oci-strict}. */
final class StrictErrorContractTest extends ErrorContractCases {

  StrictErrorContractTest() {
    super("oci-strict");
  }
}
