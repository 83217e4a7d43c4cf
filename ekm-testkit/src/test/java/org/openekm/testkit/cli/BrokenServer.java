// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

/** A server that can't even be set up. */
final class BrokenServer {

  private BrokenServer() {}

  public static void main(String[] arguments) {
    System.err.println("the disk is full, said to " + arguments[0]);
    System.exit(3);
  }
}
