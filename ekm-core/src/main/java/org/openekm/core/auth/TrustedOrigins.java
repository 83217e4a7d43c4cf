// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.openekm.spi.store.IssuerRecord;

/**
 * Where documents of an issuer may be fetched: at the origins that the operator has named. A
 * discovery document can so not send us, or the client's secret, to some other server. Identity
 * domains of Oracle may point to their other regional names.
 */
final class TrustedOrigins {

  private static final String ORACLE = ".identity.oraclecloud.com";

  private final Set<String> origins = new HashSet<>();
  private final boolean oracle;
  private final boolean loopbackHttp;

  TrustedOrigins(IssuerRecord issuer, boolean loopbackHttp) {
    this.loopbackHttp = loopbackHttp;
    Stream<URI> named = Stream.concat(issuer.discoveryUrls().stream(), issuer.jwksUrls().stream());
    Stream<URI> tokenUrl = issuer.jwksClient().flatMap(IssuerRecord.JwksClient::tokenUrl).stream();
    boolean anyOracle = false;
    for (URI url : Stream.concat(named, tokenUrl).toList()) {
      Urls.requireFetchable(url, loopbackHttp);
      origins.add(Urls.origin(url));
      anyOracle |= Urls.host(url).endsWith(ORACLE);
    }
    this.oracle = anyOracle;
  }

  /**
   * Returns the URL if it may be fetched.
   *
   * @throws FetchException if not
   */
  URI require(URI url) {
    Urls.requireFetchable(url, loopbackHttp);
    String origin = Urls.origin(url);
    boolean regional = oracle && origin.equals("https://" + Urls.host(url));
    if (!origins.contains(origin) && !(regional && Urls.host(url).endsWith(ORACLE))) {
      throw new FetchException(
          "points to another server than the configured ones; configure the keys' URL instead");
    }
    return url;
  }
}
