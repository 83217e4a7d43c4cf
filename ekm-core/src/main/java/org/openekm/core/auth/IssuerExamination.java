// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.openekm.api.Bytes;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.store.IssuerRecord;

/**
 * Goes the way to an issuer's signing keys once, step by step, and tells of each: discovery, the
 * token that opens protected keys, the keys. It uses the very rules by which a server fetches them.
 *
 * <p>Blocks on the network, so it is for commands and not for requests. Thread-safe.
 */
public final class IssuerExamination {

  private static final int MAX_DOCUMENT = 1024 * 1024;
  private static final String REACH =
      "try the URL from this machine: name server, firewall, proxy, and tokens.keys.trusted-certificates";

  private final HttpFetcher fetcher;
  private final ClientCredentials credentials;
  private final boolean loopbackHttp;

  /**
   * Makes an examination.
   *
   * @param tls which certificates of identity domains are trusted
   * @param timeout for one request
   * @param secrets reads the clients' secrets
   * @param loopbackHttp true to allow plain HTTP to this very host
   */
  public IssuerExamination(
      SSLContext tls, Duration timeout, SecretResolver secrets, boolean loopbackHttp) {
    this.fetcher = new JdkHttpFetcher(tls, timeout, MAX_DOCUMENT);
    this.credentials = new ClientCredentials(fetcher, secrets);
    this.loopbackHttp = loopbackHttp;
  }

  /** Returns the address of the document that is fetched first for a configured URL. */
  public static URI firstAddress(IssuerRecord issuer) {
    return issuer.discoveryUrls().isEmpty()
        ? issuer.jwksUrls().get(0)
        : Discovery.documentUrl(issuer.discoveryUrls().get(0));
  }

  /** Tries every configured URL of the issuer, as each must serve when the others fail. */
  public ExaminedIssuer examine(IssuerRecord issuer) {
    Walk walk = new Walk(issuer);
    boolean discovery = !issuer.discoveryUrls().isEmpty();
    List<URI> urls = discovery ? issuer.discoveryUrls() : issuer.jwksUrls();
    Optional<PublishedKeys> keys = Optional.empty();
    for (URI url : urls) {
      Optional<PublishedKeys> found = discovery ? walk.discover(url) : walk.fixed(url);
      keys = keys.or(() -> found);
    }
    if (urls.isEmpty()) {
      walk.failed(
          "discovery",
          "the issuer has neither a discovery URL nor a URL of signing keys",
          "remove it, and add it with --discovery-url");
    }
    return new ExaminedIssuer(issuer, walk.steps, keys);
  }

  private final class Walk {

    private final IssuerRecord issuer;
    private final List<ExaminationStep> steps = new ArrayList<>();

    Walk(IssuerRecord issuer) {
      this.issuer = issuer;
    }

    Optional<PublishedKeys> discover(URI url) {
      URI address = Discovery.documentUrl(url);
      Optional<Discovery> document =
          attempt("discovery", REACH, () -> Discovery.read(get(address, Optional.empty())));
      document.ifPresent(
          it -> {
            steps.add(ExaminationStep.passed("discovery", address + " answers"));
            steps.add(issuerNamed(it, address));
          });
      return document.flatMap(this::keysOf);
    }

    Optional<PublishedKeys> fixed(URI url) {
      Optional<URI> tokenUrl = issuer.jwksClient().flatMap(IssuerRecord.JwksClient::tokenUrl);
      return keys(url, tokenUrl, Optional.empty());
    }

    void failed(String check, String message, String advice) {
      steps.add(ExaminationStep.failed(check, message, advice));
    }

    private Optional<PublishedKeys> keysOf(Discovery document) {
      String advice = "if that server is meant, give the issuer --jwks-url and --token-url instead";
      return attempt(
              "discovery",
              advice,
              () -> {
                TrustedOrigins origins = new TrustedOrigins(issuer, loopbackHttp);
                Optional<URI> tokenUrl =
                    issuer
                        .jwksClient()
                        .flatMap(IssuerRecord.JwksClient::tokenUrl)
                        .or(document::tokenUrl)
                        .map(origins::require);
                return new Places(origins.require(document.jwksUrl()), tokenUrl);
              })
          .flatMap(places -> keys(places.keys(), places.token(), document.issuer()));
    }

    private Optional<PublishedKeys> keys(
        URI url, Optional<URI> tokenUrl, Optional<String> discoveredIssuer) {
      Optional<String> authorization = Optional.empty();
      if (issuer.jwksClient().isPresent()) {
        authorization = authorization(issuer.jwksClient().get(), tokenUrl);
        if (authorization.isEmpty()) {
          return Optional.empty();
        }
      }
      Optional<String> opened = authorization;
      Optional<PublishedKeys> keys =
          attempt(
              "signing keys",
              opened.isPresent()
                  ? "give the issuer the client id and secret of the resource application; the client application's don't open the keys"
                  : "make the keys public in the domain's settings, or give the issuer the resource application's --client-id and --client-secret",
              () -> PublishedKeys.read(get(url, opened), discoveredIssuer));
      keys.ifPresent(found -> steps.add(judged(found, url)));
      return keys;
    }

    private Optional<String> authorization(IssuerRecord.JwksClient client, Optional<URI> tokenUrl) {
      Optional<String> authorization =
          attempt(
              "credentials",
              "compare client id and secret with the resource application's in the console, and see that it is activated",
              () -> {
                URI place =
                    tokenUrl.orElseThrow(
                        () -> new FetchException("the issuer has no URL to get a token from"));
                Urls.requireFetchable(place, loopbackHttp);
                return credentials.authorization(client, place);
              });
      if (authorization.isPresent()) {
        steps.add(
            ExaminationStep.passed(
                "credentials", "the resource application " + client.clientId() + " gets a token"));
      }
      return authorization;
    }

    private ExaminationStep issuerNamed(Discovery document, URI address) {
      String named = document.issuer().map(Urls::normalize).orElse("");
      boolean known =
          named.equals(IssuerMatch.GENERAL)
              || named.equals(Urls.origin(address))
              || issuer.acceptedIssuers().stream().map(Urls::normalize).anyMatch(named::equals);
      String shown = ExaminedIssuer.shown(named);
      if (known) {
        return ExaminationStep.passed("issuer", shown);
      }
      return ExaminationStep.doubtful(
          "issuer",
          named.isEmpty()
              ? "the discovery document names no issuer"
              : "the discovery document names another issuer: " + shown,
          "see that the discovery URL is that of the domain with the two applications");
    }

    private ExaminationStep judged(PublishedKeys keys, URI url) {
      String message =
          keys.keys().size()
              + " usable at "
              + url
              + (keys.ignored() == 0 ? "" : ", " + keys.ignored() + " ignored");
      return keys.keys().isEmpty()
          ? ExaminationStep.failed(
              "signing keys", message, "the domain must sign with RSA keys of 2048 bits or more")
          : ExaminationStep.passed("signing keys", message);
    }

    private <T> Optional<T> attempt(String check, String advice, Supplier<T> task) {
      try {
        return Optional.of(task.get());
      } catch (FetchException | MalformedJsonException e) {
        String next =
            e.getCause() instanceof SecretUnavailableException
                ? "put the secret where the reference points, and let only the server's user read it"
                : advice;
        failed(check, ExaminedIssuer.shown(String.valueOf(e.getMessage())), next);
        return Optional.empty();
      }
    }

    private Bytes get(URI url, Optional<String> authorization) {
      try {
        Urls.requireFetchable(url, loopbackHttp);
        return fetcher.fetch(new HttpFetcher.Request(url, authorization, Optional.empty()));
      } catch (FetchException e) {
        throw new FetchException(url + " " + e.getMessage(), e);
      }
    }
  }

  private record Places(URI keys, Optional<URI> token) {}
}
