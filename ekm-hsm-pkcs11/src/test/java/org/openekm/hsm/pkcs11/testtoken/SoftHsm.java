// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.testtoken;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes tokens of SoftHSM. It finds them through the environment variable SOFTHSM2_CONF, which the
 * build sets for the process of the tests.
 */
public final class SoftHsm {

  /** The library, as Debian installs it. */
  public static final Path MODULE = Path.of("/usr/lib/softhsm/libsofthsm2.so");

  private static final String PIN = "1234";
  private static final String SO_PIN = "12345678";

  private SoftHsm() {}

  /** Returns why it can't be used here; empty if it can. */
  public static Optional<String> missing() {
    if (System.getenv("SOFTHSM2_CONF") == null) {
      return Optional.of("SOFTHSM2_CONF is not set; run the tests by Maven");
    }
    return Programs.missing(MODULE, "softhsm2-util");
  }

  /** Makes a token with a label of its own. */
  public static TestToken create() {
    return create("ekm-" + UUID.randomUUID().toString().substring(0, 8));
  }

  /** Makes a token with this label. */
  public static TestToken create(String label) {
    prepare();
    Programs.run(
        List.of(
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            label,
            "--so-pin",
            SO_PIN,
            "--pin",
            PIN));
    return token(label);
  }

  /** Removes a token. */
  public static void delete(TestToken token) {
    Programs.run(
        List.of("softhsm2-util", "--delete-token", "--token", token.settings().get("token.label")));
  }

  private static TestToken token(String label) {
    return new TestToken(
        MODULE,
        PIN,
        Map.of("module", MODULE.toString(), "profile", "softhsm", "token.label", label));
  }

  private static synchronized void prepare() {
    Path file = Path.of(System.getenv("SOFTHSM2_CONF"));
    Path tokens = file.resolveSibling("tokens");
    try {
      Files.createDirectories(tokens);
      Files.writeString(
          file,
          "directories.tokendir = "
              + tokens
              + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
