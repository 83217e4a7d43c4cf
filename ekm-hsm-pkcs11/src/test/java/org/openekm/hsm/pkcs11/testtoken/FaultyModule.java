// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.testtoken;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A module in front of SoftHSM that crashes or hangs on cue; see faulty.c. */
public final class FaultyModule {

  private final Path module;
  private final Path cue;

  /** Compiles it into this directory. */
  public FaultyModule(Path directory) {
    this.module = directory.resolve("faulty.so");
    this.cue = directory.resolve("cue");
    Programs.run(
        List.of(
            "cc",
            "-shared",
            "-fPIC",
            "-O1",
            "-Wall",
            "-Werror",
            "-DREAL=\"" + SoftHsm.MODULE + "\"",
            "-DCUE=\"" + cue + "\"",
            "-o",
            module.toString(),
            Path.of(System.getProperty("ekm.basedir"), "src/test/c/faulty.c").toString(),
            "-ldl"));
  }

  /** Returns why it can't be used here; empty if it can. */
  public static Optional<String> missing() {
    return SoftHsm.missing().or(() -> Programs.missing(SoftHsm.MODULE, "cc"));
  }

  /** Returns the same token, reached through this module. */
  public TestToken inFrontOf(TestToken token) {
    Map<String, String> settings = new HashMap<>(token.settings());
    settings.put("module", module.toString());
    return new TestToken(module, token.pin(), settings);
  }

  /** Makes the next call crash its process. */
  public void crash() {
    write("crash");
  }

  /** Makes the next call hang. */
  public void hang(int seconds) {
    write("hang " + seconds);
  }

  /** Returns true if nobody has found the cue yet. */
  public boolean isWaiting() {
    return Files.exists(cue);
  }

  /** Appears at once with its whole content. */
  private void write(String text) {
    try {
      Path draft = Files.writeString(cue.resolveSibling("draft"), text);
      Files.move(draft, cue, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
