// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.openekm.spi.backend.BackendException;

/**
 * The libraries of this process by file. C_Initialize and C_Finalize act on the whole process, so
 * all tokens of a library must share one. Thread-safe.
 *
 * <p>A library is loaded once and stays loaded: vendors' libraries have threads of their own, and
 * unloading one beneath them ends the process.
 */
public final class SharedLibraries {

  private final CryptokiOpener opener;
  private final Map<Path, SharedLibrary> loaded = new HashMap<>();

  /** Makes an empty register. */
  public SharedLibraries(CryptokiOpener opener) {
    this.opener = opener;
  }

  /**
   * Returns the library, which one more user now holds; {@link SharedLibrary#release} gives it
   * back.
   *
   * @throws BackendException.Misconfigured if it can't be loaded or is in use with other arguments
   */
  synchronized SharedLibrary hold(TokenConfig.Library wanted) {
    Path path = real(wanted.path());
    SharedLibrary library = loaded.get(path);
    if (library == null) {
      library = new SharedLibrary(path, opener.open(path));
      loaded.put(path, library);
    }
    library.hold(wanted.arguments());
    return library;
  }

  /** Two names of one file must not start it twice. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new BackendException.Misconfigured(
          "the PKCS#11 module " + path + " can't be read; install it or correct 'module'", e);
    }
  }
}
