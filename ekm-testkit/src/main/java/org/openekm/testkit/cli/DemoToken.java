// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A token of SoftHSM in the demo's folder, which goes with it. */
final class DemoToken {

  private static final Path MODULE = Path.of("/usr/lib/softhsm/libsofthsm2.so");
  private static final Path PROGRAM = Path.of("/usr/bin/softhsm2-util");
  private static final String LABEL = "ekm-demo";
  private static final int PIN_BYTES = 8;
  private static final int SECONDS = 30;

  private final Path config;
  private final String pin;

  private DemoToken(Path config, String pin) {
    this.config = config;
    this.pin = pin;
  }

  /**
   * Makes a token in this folder.
   *
   * @throws DemoFailedException if SoftHSM is not installed or fails
   */
  static DemoToken create(Path folder) {
    if (!Files.isReadable(MODULE) || !Files.isExecutable(PROGRAM)) {
      throw new DemoFailedException(
          "SoftHSM is not installed. Install it (Debian: apt-get install softhsm2) and try again.",
          null);
    }
    byte[] random = new byte[PIN_BYTES];
    new java.security.SecureRandom().nextBytes(random);
    DemoToken token =
        new DemoToken(folder.resolve("softhsm2.conf"), HexFormat.of().formatHex(random));
    try {
      Path tokens = Files.createDirectories(folder.resolve("tokens"));
      Files.writeString(
          token.config,
          "directories.tokendir = "
              + tokens
              + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
      token.init();
    } catch (IOException e) {
      throw new DemoFailedException("can't make a token in " + folder, e);
    }
    return token;
  }

  private void init() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                PROGRAM.toString(),
                "--init-token",
                "--free",
                "--label",
                LABEL,
                "--so-pin",
                pin,
                "--pin",
                pin));
    builder.environment().putAll(environment());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new DemoFailedException("softhsm2-util failed: " + output.strip(), null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailedException("interrupted", e);
    }
  }

  /** Returns what a process needs in its environment to find the token. */
  Map<String, String> environment() {
    return Map.of("SOFTHSM2_CONF", config.toString());
  }

  String pin() {
    return pin;
  }

  /** Returns the lines of a server's configuration that make it a backend. */
  static String backend(String pinReference) {
    return """
            type: pkcs11
            profile: softhsm
            module: %s
            token:
              label: %s
            pin: %s
        """
        .formatted(MODULE, LABEL, pinReference);
  }
}
