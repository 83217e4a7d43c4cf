// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.binding;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.spi.backend.BackendException;

/** Loads PKCS#11 libraries. */
public final class CryptokiLibraries {

  /** Only in the part of the jar that Java 22 and newer read. */
  private static final String FFM = "org.openekm.hsm.pkcs11.internal.binding.FfmAccess";

  private static final String JNA = "com.sun.jna.NativeLibrary";

  private CryptokiLibraries() {}

  /**
   * Loads a library.
   *
   * @param library its file, an absolute path
   * @throws BackendException.Misconfigured if it isn't there, is no PKCS#11 library, or this Java
   *     can't call it in the way that is asked for
   */
  public static Cryptoki open(Path library, Binding binding) {
    if (!library.isAbsolute() || !Files.isReadable(library)) {
      throw new BackendException.Misconfigured(
          "the PKCS#11 module " + library + " is not there or can't be read; correct 'module'",
          null);
    }
    boolean ffm =
        switch (binding) {
          case FFM -> true;
          case JNA -> false;
          default -> hasFfm();
        };
    try {
      return new NativeCryptoki(ffm ? ffm(library) : jna(library));
    } catch (UnsatisfiedLinkError | IllegalArgumentException e) {
      throw new BackendException.Misconfigured(
          library + " can't be loaded as a PKCS#11 module: " + e.getMessage(), e);
    }
  }

  /** Returns true if this Java can call libraries without JNA. */
  public static boolean hasFfm() {
    return exists(FFM);
  }

  private static boolean exists(String className) {
    try {
      Class.forName(className, false, CryptokiLibraries.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | UnsupportedClassVersionError e) {
      return false;
    }
  }

  private static NativeAccess jna(Path library) {
    if (!exists(JNA)) {
      throw new BackendException.Misconfigured(
          "JNA is not on the class path, which Java 21 and older need; add net.java.dev.jna:jna"
              + " or use Java 22 or newer",
          null);
    }
    return new JnaAccess(library);
  }

  private static NativeAccess ffm(Path library) {
    try {
      return Class.forName(FFM)
          .asSubclass(NativeAccess.class)
          .getDeclaredConstructor(Path.class)
          .newInstance(library);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalArgumentException(String.valueOf(e.getCause()), e);
    } catch (ReflectiveOperationException | UnsupportedClassVersionError e) {
      throw new BackendException.Misconfigured(
          "'binding: ffm' needs Java 22 or newer, and a jar that was built with one", e);
    }
  }
}
