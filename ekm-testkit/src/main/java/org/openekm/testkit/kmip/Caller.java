// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

/**
 * Who asks, and in which version.
 *
 * @param name the common name of the client's certificate
 * @param major the version's first number
 * @param minor its second
 */
record Caller(String name, int major, int minor) {

  boolean speaks2() {
    return major >= 2;
  }

  boolean hasTags() {
    return speaks2() || minor >= 4;
  }

  String version() {
    return major + "." + minor;
  }
}
