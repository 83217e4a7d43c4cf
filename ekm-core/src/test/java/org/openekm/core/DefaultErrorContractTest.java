// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

/** The error contract with the profile {@code oci-default}. */
final class DefaultErrorContractTest extends ErrorContractCases {

  DefaultErrorContractTest() {
    super("oci-default");
  }
}
