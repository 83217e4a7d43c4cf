// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.SSLSessionInfo;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.openekm.core.admin.AdminAccess;
import org.openekm.core.admin.AdminIdentity;

/**
 * Finds out who sends a management request: by the bearer credential in its header, else by the
 * client certificate of its connection. A credential that is wrong is refused whatever certificate
 * stands beside it. Thread-safe.
 */
final class AdminLogin {

  private static final String SCHEME = "Bearer ";
  private static final AdminIdentity ROOT = AdminIdentity.root("root");

  private final AdminCredential root;
  private final AdminAccess access;
  private final LoginFailures failures;

  AdminLogin(AdminCredential root, AdminAccess access, LoginFailures failures) {
    this.root = root;
    this.access = access;
    this.failures = failures;
  }

  /**
   * Returns how long the sender has to wait because of wrong credentials from its address; zero if
   * it need not, or shows no credential.
   */
  Duration waitOf(HttpServerExchange exchange) {
    return exchange.getRequestHeaders().contains(Headers.AUTHORIZATION)
        ? failures.waitOf(exchange.getSourceAddress().getAddress())
        : Duration.ZERO;
  }

  /** Returns who it is; absent if nothing proves that it is anybody. */
  Optional<AdminIdentity> identify(HttpServerExchange exchange) {
    HeaderValues headers = exchange.getRequestHeaders().get(Headers.AUTHORIZATION);
    if (headers != null) {
      Optional<AdminIdentity> found =
          headers.size() == 1 ? bearer(headers.getFirst()) : Optional.empty();
      if (found.isEmpty()) {
        failures.failed(exchange.getSourceAddress().getAddress());
      }
      return found;
    }
    return certificate(exchange).flatMap(access::authenticate);
  }

  /** Returns the credential that stands in the request, right or wrong; absent if there is none. */
  static Optional<String> shown(HttpServerExchange exchange) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION))
        .map(header -> header.startsWith(SCHEME) ? header.substring(SCHEME.length()) : header);
  }

  private Optional<AdminIdentity> bearer(String header) {
    if (!header.startsWith(SCHEME)) {
      return Optional.empty();
    }
    String text = header.substring(SCHEME.length());
    return root.accepts(text) ? Optional.of(ROOT) : access.authenticate(text);
  }

  private static Optional<X509Certificate> certificate(HttpServerExchange exchange) {
    SSLSessionInfo session = exchange.getConnection().getSslSessionInfo();
    if (session == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate own
          ? Optional.of(own)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException | io.undertow.server.RenegotiationRequiredException e) {
      // The client has shown no certificate; nobody asks it to do so now.
      return Optional.empty();
    }
  }
}
