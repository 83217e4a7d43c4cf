// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** Rules for URLs and for texts that look like URLs. */
final class Urls {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private Urls() {}

  /**
   * Returns the text without one slash at its end and without {@code :443} after an https host, so
   * that the usual spellings of one issuer or audience compare equal. Case is left alone.
   */
  static String normalize(String text) {
    String shorter = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    if (!shorter.startsWith("https://")) {
      return shorter;
    }
    int slash = shorter.indexOf('/', "https://".length());
    int hostEnd = slash < 0 ? shorter.length() : slash;
    if (shorter.startsWith(":443", hostEnd - ":443".length())) {
      return shorter.substring(0, hostEnd - ":443".length()) + shorter.substring(hostEnd);
    }
    return shorter;
  }

  /** Returns scheme, host and port in lower case, the port only if it is not the scheme's own. */
  static String origin(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int port = uri.getPort();
    boolean usualPort = port < 0 || port == ("https".equals(scheme) ? 443 : 80);
    return scheme + "://" + host(uri) + (usualPort ? "" : ":" + port);
  }

  /** Returns the host in lower case, the empty text if there is none. */
  static String host(URI uri) {
    return uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
  }

  /**
   * Refuses what must not be fetched: anything but https to a host, without user info. Plain http
   * is let through to this very host, and only if the operator allows it.
   */
  static void requireFetchable(URI uri, boolean loopbackHttp) {
    boolean https = "https".equalsIgnoreCase(uri.getScheme());
    boolean allowedHttp =
        loopbackHttp && "http".equalsIgnoreCase(uri.getScheme()) && LOOPBACK.contains(host(uri));
    if ((!https && !allowedHttp) || host(uri).isEmpty() || uri.getRawUserInfo() != null) {
      throw new FetchException("must be an https URL with a host and without a user name");
    }
  }
}
