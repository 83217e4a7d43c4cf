// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives out one identity, which can be exchanged.
 *
 * <p>A handshake asks for the alias first and for key and chain later. So each identity has an
 * alias of its own, and the one before stays available: a handshake that an exchange falls into
 * still gets a key and a chain that belong together.
 */
final class ExchangeableKeyManager extends X509ExtendedKeyManager {

  private final AtomicInteger generation = new AtomicInteger();
  private final Map<String, TlsIdentity> byAlias = new ConcurrentHashMap<>();
  private volatile String current;
  private volatile TlsIdentity identity;

  ExchangeableKeyManager(TlsIdentity first) {
    this.identity = first;
    this.current = "0";
    byAlias.put("0", first);
  }

  synchronized void exchange(TlsIdentity next) {
    int number = generation.incrementAndGet();
    byAlias.put(Integer.toString(number), next);
    byAlias.remove(Integer.toString(number - 2));
    identity = next;
    current = Integer.toString(number);
  }

  TlsIdentity identity() {
    return identity;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return alias(keyType);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    TlsIdentity asked = byAlias.get(alias);
    return asked == null ? null : asked.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    TlsIdentity asked = byAlias.get(alias);
    return asked == null ? null : asked.key();
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = alias(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  /**
   * TLS 1.2 asks for kinds such as {@code EC_EC} or {@code RSA}; both versions begin with the key's
   * algorithm.
   */
  private @Nullable String alias(String keyType) {
    String alias = current;
    TlsIdentity chosen = byAlias.get(alias);
    return chosen != null && keyType.startsWith(chosen.key().getAlgorithm()) ? alias : null;
  }
}
