// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that runs a class of ours on the same Java with the same classes. */
final class JavaCommand {

  private static final int FIRST_WITH_FOREIGN_FUNCTIONS = 22;
  private static final String MODULE = "org.openekm.hsm.pkcs11";

  private JavaCommand() {}

  static List<String> of(String mainClass) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Small and quick to start: it only passes calls on to the library.
    command.addAll(
        List.of(
            "-Xms16m",
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            // A library that crashes would leave its memory, with the PIN, in these files.
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=/dev/null",
            "-Xshare:auto"));
    boolean onModulePath = JavaCommand.class.getModule().isNamed();
    if (Runtime.version().feature() >= FIRST_WITH_FOREIGN_FUNCTIONS) {
      command.add("--enable-native-access=" + (onModulePath ? MODULE : "ALL-UNNAMED"));
    }
    if (onModulePath) {
      command.addAll(
          List.of(
              "--module-path",
              System.getProperty("jdk.module.path", ""),
              "--add-modules",
              "ALL-MODULE-PATH",
              "--module",
              MODULE + "/" + mainClass));
    } else {
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    }
    return command;
  }
}
