// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.openekm.api.SecretBytes;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;

/**
 * Reads secrets from files and from the environment, anew each time. A file that everybody on the
 * machine may read or write is refused: what it holds is no secret. Thread-safe.
 */
public final class FileAndEnvironmentSecrets implements SecretResolver {

  private static final int MAX_BYTES = 64 * 1024;

  private final Path folder;
  private final UnaryOperator<@Nullable String> environment;

  /**
   * Makes a resolver.
   *
   * @param folder where relative paths begin
   * @param environment from a variable's name to its value or null
   */
  public FileAndEnvironmentSecrets(Path folder, UnaryOperator<@Nullable String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  @Override
  public SecretBytes resolve(SecretReference reference) {
    byte[] bytes = reference.scheme().equals("env") ? variable(reference) : file(reference);
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\n') {
      length--;
    }
    if (length > 0 && length < bytes.length && bytes[length - 1] == '\r') {
      length--;
    }
    if (length == 0) {
      throw new SecretUnavailableException(reference, "is empty", null);
    }
    if (length == bytes.length) {
      return SecretBytes.adopt(bytes);
    }
    byte[] secret = Arrays.copyOf(bytes, length);
    Arrays.fill(bytes, (byte) 0);
    return SecretBytes.adopt(secret);
  }

  private byte[] variable(SecretReference reference) {
    String value = environment.apply(reference.location());
    if (value == null) {
      throw new SecretUnavailableException(reference, "is not set in the environment", null);
    }
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] file(SecretReference reference) {
    Path file = folder.resolve(reference.location());
    try {
      requirePrivate(reference, file);
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          Arrays.fill(bytes, (byte) 0);
          throw new SecretUnavailableException(reference, "is larger than 64 KiB", null);
        }
        return bytes;
      }
    } catch (IOException e) {
      throw new SecretUnavailableException(
          reference, "can't be read: no such file, or the server's user may not read it", e);
    }
  }

  private static void requirePrivate(SecretReference reference, Path file) throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return;
    }
    Set<PosixFilePermission> modes = Files.getPosixFilePermissions(file);
    if (modes.contains(PosixFilePermission.OTHERS_READ)
        || modes.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new SecretUnavailableException(
          reference,
          "may be read or changed by everybody on this machine; run chmod o-rwx on it, or set a mode of 0440 where it is mounted",
          null);
    }
  }
}
