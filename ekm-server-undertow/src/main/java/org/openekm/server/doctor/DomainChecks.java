// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.openekm.core.auth.ExaminedIssuer;
import org.openekm.core.auth.IssuerExamination;
import org.openekm.server.EkmServerConfig;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;

/** Tries the identity domains, and compares this machine's clock with theirs. */
final class DomainChecks {

  private static final Duration NOTICE = Duration.ofSeconds(5);
  private static final Duration HALF_SECOND = Duration.ofMillis(500);

  private final SSLContext tls;
  private final EkmServerConfig.Tokens tokens;
  private final SecretResolver secrets;
  private final InstantSource clock;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<IssuerId, ExaminedIssuer> examined = new LinkedHashMap<>();

  DomainChecks(
      SSLContext tls, EkmServerConfig.Tokens tokens, SecretResolver secrets, InstantSource clock) {
    this.tls = tls;
    this.tokens = tokens;
    this.secrets = secrets;
    this.clock = clock;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  ExaminedIssuer examined(IssuerRecord issuer) {
    return examined.getOrDefault(issuer.id(), ExaminedIssuer.unseen(issuer));
  }

  void look(List<IssuerRecord> issuers) {
    IssuerExamination examination =
        new IssuerExamination(
            tls, tokens.keys().fetchTimeout(), secrets, tokens.keys().allowLoopbackHttp());
    for (IssuerRecord issuer : issuers) {
      ExaminedIssuer found = examination.examine(issuer);
      examined.put(issuer.id(), found);
      found
          .steps()
          .forEach(
              step ->
                  findings.add(Finding.of("issuer " + issuer.name() + " " + step.check(), step)));
      offset(issuer).ifPresent(offset -> findings.add(clock(issuer, offset)));
    }
  }

  private Finding clock(IssuerRecord issuer, Duration offset) {
    String check = "clock";
    String message =
        offset.abs().compareTo(NOTICE) < 0
            ? "agrees with " + issuer.name()
            : "this machine is "
                + offset.abs().toSeconds()
                + " s "
                + (offset.isNegative() ? "ahead of " : "behind ")
                + issuer.name();
    if (offset.abs().compareTo(NOTICE) < 0) {
      return Finding.ok(check, message);
    }
    String next = "set the clock by NTP, and see that it stays set";
    return offset.abs().compareTo(tokens.clockSkew()) > 0
        ? Finding.failed(
            check,
            message
                + ", tolerated are "
                + tokens.clockSkew().toSeconds()
                + " s: tokens are refused",
            next)
        : Finding.warning(check, message, next);
  }

  /** By how much the domain's clock is ahead; empty if it can't be reached or tells no time. */
  private Optional<Duration> offset(IssuerRecord issuer) {
    if (issuer.discoveryUrls().isEmpty() && issuer.jwksUrls().isEmpty()) {
      return Optional.empty();
    }
    try {
      Instant before = clock.instant();
      Optional<Instant> theirs = date(IssuerExamination.firstAddress(issuer));
      Duration way = Duration.between(before, clock.instant()).dividedBy(2);
      // The header counts whole seconds: on average half of one has passed since.
      return theirs.map(date -> Duration.between(before.plus(way), date.plus(HALF_SECOND)));
    } catch (IOException e) {
      // The steps above tell why the domain can't be reached.
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Optional<Instant> date(URI url) throws IOException, InterruptedException {
    boolean fetchable =
        "https".equalsIgnoreCase(url.getScheme()) || tokens.keys().allowLoopbackHttp();
    if (!fetchable) {
      return Optional.empty();
    }
    HttpClient client =
        HttpClient.newBuilder()
            .sslContext(tls)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(tokens.keys().fetchTimeout())
            .build();
    HttpRequest request = HttpRequest.newBuilder(url).timeout(tokens.keys().fetchTimeout()).build();
    return client
        .send(request, HttpResponse.BodyHandlers.discarding())
        .headers()
        .firstValue("Date")
        .flatMap(DomainChecks::parsed);
  }

  private static Optional<Instant> parsed(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
