// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;

/** Makes what a TLS client shows and trusts, from PEM files. */
public final class ClientTls {

  private static final SecretResolver NO_SECRETS =
      reference -> {
        throw new SecretUnavailableException(reference, "is not needed", null);
      };
  private static final int PASSWORD_LENGTH = 16;

  private ClientTls() {}

  /**
   * Makes a context.
   *
   * @param identity certificate and private key, not encrypted; absent to show none
   * @param authorities whose signature on the server's certificate is accepted; absent for those
   *     that this Java trusts
   * @throws TlsException if a file can't be used, or key and certificate don't fit together
   */
  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // either may be absent
  public static SSLContext context(
      Optional<TlsConfig.Pem> identity, Optional<Path> authorities, InstantSource clock) {
    Optional<KeyManager[]> keys = identity.map(pem -> managers(pem, clock));
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys.orElse(null), authorities.map(TrustedCertificates::managers).orElse(null), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  private static KeyManager[] managers(TlsConfig.Pem pem, InstantSource clock) {
    TlsIdentity identity = new TlsFiles(pem, NO_SECRETS).read().validated(clock.instant());
    char[] password = new char[PASSWORD_LENGTH];
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < password.length; i++) {
      password[i] = (char) ('!' + random.nextInt('~' - '!'));
    }
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "client", identity.key(), password, identity.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      return factory.getKeyManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsException(pem.key() + " can't be used as a client's private key", e);
    } finally {
      Arrays.fill(password, '\0');
    }
  }
}
