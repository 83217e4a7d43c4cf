// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openekm.api.SecretBytes;
import org.openekm.core.internal.io.DurableFiles;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.Settings;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.KeyBackendProvider;

/**
 * Makes backends of the kind {@code software}: keys in an encrypted file.
 *
 * <p>Settings: {@code keystore} (the file, in a directory that exists; made if it is not there),
 * {@code kek} (where the key-encryption key is: a secret reference to 32 random bytes in base64)
 * and {@code shared} (true to let several servers on this machine, or on a file system with working
 * locks, use the file together; false unless set). Stateless and thread-safe.
 */
public final class SoftwareKeyBackendProvider implements KeyBackendProvider {

  private static final int KEK_BYTES = 32;
  private static final String KEK_HINT =
      "make one with 'openssl rand -base64 32' in a file that only the server can read";

  /** Makes the provider; called by {@link java.util.ServiceLoader}. */
  public SoftwareKeyBackendProvider() {}

  @Override
  public String name() {
    return "software";
  }

  /**
   * Opens or makes the keystore and tests the platform's AES-GCM with a known answer.
   *
   * @throws org.openekm.spi.InvalidConfigurationException with everything that is wrong in the
   *     settings
   * @throws BackendException.Misconfigured if the key-encryption key can't be read or is not the
   *     keystore's, or if the keystore is damaged, in use by another server or can't be written
   */
  @Override
  public KeyBackend create(ComponentContext context) {
    Settings settings = context.settings();
    String path =
        settings.requiredText(
            "keystore", "name the file to keep keys in, such as /var/lib/ekm/keys");
    Optional<SecretReference> kek = reference(settings);
    if (!path.isEmpty() && !Files.isDirectory(DurableFiles.directoryOf(Path.of(path)))) {
      settings.problem(
          "keystore",
          "is in a directory that does not exist",
          "create the directory or correct the path");
    }
    boolean shared = settings.flag("shared", false);
    settings.finish();
    try (SecretBytes key = keyEncryptionKey(context, kek.orElseThrow())) {
      return open(Path.of(path), key, context, shared);
    }
  }

  private static KeyBackend open(
      Path file, SecretBytes kek, ComponentContext context, boolean shared) {
    GcmCiphers ciphers = new GcmCiphers();
    GcmSelfTest.run();
    try {
      Keystore keystore = Keystore.open(file, kek, context.random(), ciphers, shared);
      return new SoftwareKeyBackend(keystore, ciphers, context.random(), context.clock());
    } catch (IOException e) {
      throw new BackendException.Misconfigured(
          "backend " + context.instanceName() + ": " + e.getMessage(), e);
    }
  }

  private static Optional<SecretReference> reference(Settings settings) {
    String text = settings.requiredText("kek", KEK_HINT + " and write ${file:PATH} here");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(SecretReference.parse(text));
    } catch (IllegalArgumentException e) {
      settings.problem("kek", String.valueOf(e.getMessage()), KEK_HINT);
      return Optional.empty();
    }
  }

  private static SecretBytes keyEncryptionKey(ComponentContext context, SecretReference reference) {
    try (SecretBytes text = context.secrets().resolve(reference)) {
      byte[] decoded = text.read(bytes -> Base64.getDecoder().decode(bytes));
      if (decoded.length == KEK_BYTES) {
        return SecretBytes.adopt(decoded);
      }
      Arrays.fill(decoded, (byte) 0);
      throw unusable(
          context, reference + " must hold 32 bytes in base64, holds " + decoded.length, null);
    } catch (IllegalArgumentException e) {
      // The cause would name a character of the secret.
      throw unusable(context, reference + " is not base64", null);
    } catch (SecretUnavailableException e) {
      throw unusable(context, String.valueOf(e.getMessage()), e);
    }
  }

  private static BackendException unusable(
      ComponentContext context, String what, @Nullable Throwable cause) {
    return new BackendException.Misconfigured(
        "backend " + context.instanceName() + ": the key-encryption key " + what + "; " + KEK_HINT,
        cause);
  }
}
