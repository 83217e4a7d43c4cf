// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.testtoken;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes key databases of NSS, which its library shows as a token. One at a time in a process. */
public final class NssToken {

  /** The library, as Debian installs it on this kind of machine. */
  public static final Path MODULE = library();

  private static final String PIN = "nss-pin-1";

  private NssToken() {}

  /** Returns why it can't be used here; empty if it can. */
  public static Optional<String> missing() {
    return Programs.missing(MODULE, "certutil");
  }

  /** Makes a database in this directory. */
  public static TestToken create(Path directory) {
    try {
      Path pin = Files.writeString(directory.resolve("pin"), PIN);
      Path database = Files.createDirectories(directory.resolve("nssdb"));
      Programs.run(List.of("certutil", "-N", "-d", "sql:" + database, "-f", pin.toString()));
      return new TestToken(
          MODULE,
          PIN,
          Map.of(
              "module",
              MODULE.toString(),
              "profile",
              "nss",
              "init-args",
              "configdir='sql:"
                  + database
                  + "' certPrefix='' keyPrefix='' secmod='secmod.db' flags=",
              "token.label",
              "NSS Certificate DB"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path library() {
    Path arm = Path.of("/usr/lib/aarch64-linux-gnu/libsoftokn3.so");
    return Files.exists(arm) ? arm : Path.of("/usr/lib/x86_64-linux-gnu/libsoftokn3.so");
  }
}
