// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openekm.api.Bytes;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.store.IssuerRecord;

/**
 * Fetches what an issuer publishes: discovery, if configured, then a token, if the keys are
 * protected, then the keys. The configured URLs are tried in their order; the first that gives keys
 * wins. Blocks. Thread-safe.
 */
final class KeyPublication {

  private final HttpFetcher fetcher;
  private final ClientCredentials credentials;
  private final boolean loopbackHttp;

  KeyPublication(HttpFetcher fetcher, SecretResolver secrets, boolean loopbackHttp) {
    this.fetcher = fetcher;
    this.credentials = new ClientCredentials(fetcher, secrets);
    this.loopbackHttp = loopbackHttp;
  }

  /**
   * Fetches the keys.
   *
   * @throws FetchException if none of the URLs gives them; the message has the reason of each
   */
  PublishedKeys fetch(IssuerRecord issuer) {
    boolean discovery = !issuer.discoveryUrls().isEmpty();
    List<URI> urls = discovery ? issuer.discoveryUrls() : issuer.jwksUrls();
    if (urls.isEmpty()) {
      throw new FetchException("has neither a discovery URL nor a URL of signing keys");
    }
    TrustedOrigins origins = new TrustedOrigins(issuer, loopbackHttp);
    List<String> reasons = new ArrayList<>();
    RuntimeException last = null;
    for (URI url : urls) {
      try {
        return discovery ? discover(issuer, url, origins) : fetchFixed(issuer, url);
      } catch (FetchException | MalformedJsonException e) {
        reasons.add(url + " " + e.getMessage());
        last = e;
      }
    }
    throw new FetchException(String.join("; ", reasons), last);
  }

  private PublishedKeys discover(IssuerRecord issuer, URI url, TrustedOrigins origins) {
    Discovery document = Discovery.read(get(Discovery.documentUrl(url), Optional.empty()));
    Optional<URI> tokenUrl =
        issuer
            .jwksClient()
            .flatMap(IssuerRecord.JwksClient::tokenUrl)
            .or(document::tokenUrl)
            .map(origins::require);
    Optional<String> authorization = authorization(issuer, tokenUrl);
    URI jwksUrl = origins.require(document.jwksUrl());
    return PublishedKeys.read(get(jwksUrl, authorization), document.issuer());
  }

  private PublishedKeys fetchFixed(IssuerRecord issuer, URI url) {
    Optional<URI> tokenUrl = issuer.jwksClient().flatMap(IssuerRecord.JwksClient::tokenUrl);
    return PublishedKeys.read(get(url, authorization(issuer, tokenUrl)), Optional.empty());
  }

  private Optional<String> authorization(IssuerRecord issuer, Optional<URI> tokenUrl) {
    return issuer
        .jwksClient()
        .map(
            client ->
                credentials.authorization(
                    client,
                    tokenUrl.orElseThrow(
                        () ->
                            new FetchException(
                                "needs a token URL, for the signing keys are protected"))));
  }

  private Bytes get(URI url, Optional<String> authorization) {
    return fetcher.fetch(new HttpFetcher.Request(url, authorization, Optional.empty()));
  }
}
