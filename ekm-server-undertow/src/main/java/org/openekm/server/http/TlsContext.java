// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.openekm.spi.CheckResult;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.event.EkmListener;
import org.xnio.SslClientAuthMode;

/**
 * A server's TLS context whose key and certificate can be exchanged while it runs: new connections
 * get the new one, open connections stay.
 *
 * <p>Thread-safe.
 */
public final class TlsContext {

  static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** Forward secrecy and authenticated encryption only. */
  static final String[] CIPHER_SUITES = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
  };

  /** What an attempt to reload came to. */
  public enum Reload {
    /** The files are as they were. */
    UNCHANGED,
    /** The new key and certificate are in use. */
    CHANGED,
    /** The new files can't be used; the old key and certificate stay in use. A warning says why. */
    REFUSED
  }

  private final TlsFiles files;
  private final List<String> addresses;
  private final InstantSource clock;
  private final EkmListener listener;
  private final ExchangeableKeyManager keys;
  private final Optional<TlsConfig.Clients> clients;
  private final SSLContext sslContext;
  private String fingerprint;
  private String refused = "";

  /**
   * Reads the files.
   *
   * @param config where they are
   * @param addresses the names and addresses by which callers reach the server, for a hint if the
   *     certificate doesn't have one
   * @param secrets reads passwords
   * @param clock tells whether a certificate is valid now
   * @param listener gets warnings
   * @throws TlsException if they can't be used
   */
  public TlsContext(
      TlsConfig config,
      Collection<String> addresses,
      SecretResolver secrets,
      InstantSource clock,
      EkmListener listener) {
    this.files = new TlsFiles(config.source(), secrets);
    this.addresses = List.copyOf(addresses);
    this.clock = clock;
    this.listener = listener;
    this.fingerprint = files.fingerprint();
    this.keys = new ExchangeableKeyManager(files.read().validated(clock.instant()));
    this.clients = config.clients();
    this.sslContext = context(keys, clients);
    warn();
  }

  /**
   * Reads the files just to find out whether they can be used.
   *
   * @throws TlsException if they can't
   */
  public static void requireUsable(TlsConfig config, SecretResolver secrets, InstantSource clock) {
    new TlsFiles(config.source(), secrets).read().requireValid(clock.instant());
    trusted(config.clients());
  }

  /** Returns whether clients are asked for a certificate, and what happens if they have none. */
  SslClientAuthMode clientAuthMode() {
    return clients
        .map(each -> each.required() ? SslClientAuthMode.REQUIRED : SslClientAuthMode.REQUESTED)
        .orElse(SslClientAuthMode.NOT_REQUESTED);
  }

  /** Returns the context; the same one for the whole life. */
  public SSLContext sslContext() {
    return sslContext;
  }

  /** Reads the files again if their content has changed. Never throws for what they hold. */
  public synchronized Reload reload() {
    String found = "";
    try {
      found = files.fingerprint();
      if (found.equals(fingerprint)) {
        return Reload.UNCHANGED;
      }
      keys.exchange(files.read().validated(clock.instant()));
      fingerprint = found;
      warn();
      return Reload.CHANGED;
    } catch (TlsException | SecretUnavailableException e) {
      // The files are looked at every few seconds: one warning per content is enough.
      if (!found.equals(refused) || found.isEmpty()) {
        refused = found;
        listener.onWarning(
            "tls-reload-refused",
            "the changed TLS files can't be used, the old key and certificate stay: "
                + e.getMessage());
      }
      return Reload.REFUSED;
    }
  }

  /** Tells whether the certificate in use is still valid. */
  public CheckResult check() {
    return keys.identity().check(clock.instant());
  }

  private void warn() {
    for (String warning : keys.identity().warnings(clock.instant(), addresses)) {
      listener.onWarning("tls-certificate", warning);
    }
  }

  /** Trusts nobody where nobody is asked for a certificate. */
  private static TrustManager[] trusted(Optional<TlsConfig.Clients> clients) {
    return clients
        .map(each -> TrustedCertificates.managers(each.authorities()))
        .orElseGet(() -> new TrustManager[0]);
  }

  private static SSLContext context(KeyManager keys, Optional<TlsConfig.Clients> clients) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, trusted(clients), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }
}
