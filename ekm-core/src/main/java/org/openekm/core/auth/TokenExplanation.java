// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openekm.api.EkmException;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.VaultRecord;

/**
 * Puts a token through the checks of {@link JwtTokenVerifier} and {@link ClientCheck} one by one,
 * going on after the first that fails. Not thread-safe.
 */
final class TokenExplanation {

  private static final int MAX_TOKEN = TokenCheckConfig.defaults().maxTokenLength();
  private static final int MAX_TEXT = 4096;
  private static final int MAX_AUDIENCES = 32;

  private final IssuerRecord issuer;
  private final Optional<PublishedKeys> keys;
  private final VaultRecord.Access access;
  private final List<ExaminationStep> steps = new ArrayList<>();

  TokenExplanation(IssuerRecord issuer, Optional<PublishedKeys> keys, VaultRecord.Access access) {
    this.issuer = issuer;
    this.keys = keys;
    this.access = access;
  }

  List<ExaminationStep> explain(String token, Instant now, Duration skew) {
    ParsedToken parsed;
    try {
      parsed = new TokenShape(MAX_TOKEN).parse(token);
    } catch (EkmException | MalformedJsonException e) {
      steps.add(
          ExaminationStep.failed(
              "token form",
              reason(e),
              "give the access token alone, as the domain's token endpoint has returned it"));
      return steps;
    }
    steps.add(ExaminationStep.passed("token form", "three parts, RSA signature"));
    JsonObject claims = parsed.claims();
    kind(claims);
    issuerOf(claims);
    times(claims, now, skew);
    client(claims);
    audience(claims);
    scope(claims);
    signature(parsed);
    return steps;
  }

  /** What makes it an access token of a client: the parts that no other check tells of. */
  private void kind(JsonObject claims) {
    judge(
        "token kind",
        () -> TokenClaims.read(claims),
        "an access token of a client",
        "get a token by client credentials with the client application; a person's token or an id token won't do");
  }

  private void issuerOf(JsonObject claims) {
    String named = text(claims, "iss").orElse("no iss");
    Optional<String> tenant = text(claims, "tenant_iss");
    IssuerMatch match = new IssuerMatch(issuer, keys.flatMap(PublishedKeys::discoveredIssuer));
    String shown = "iss " + named + tenant.map(it -> ", tenant_iss " + it).orElse("");
    judge(
        "token issuer",
        () -> match.require(named, tenant),
        shown,
        shown
            + ": the vault's issuer is "
            + issuer.name()
            + "; get the token from that domain, or add the value by ekm issuer add --accept-issuer");
  }

  private void times(JsonObject claims, Instant now, Duration skew) {
    String advice =
        "now "
            + now.truncatedTo(ChronoUnit.SECONDS)
            + ", iat "
            + second(claims, "iat")
            + ", exp "
            + second(claims, "exp")
            + "; get a new token; if it is new, set this machine's clock (NTP)";
    judge(
        "token times",
        () -> {
          Validity validity = Validity.read(claims);
          validity.require(now.getEpochSecond(), skew.toSeconds());
        },
        "valid until " + second(claims, "exp"),
        advice);
  }

  private void client(JsonObject claims) {
    String named = text(claims, "client_id").or(() -> text(claims, "sub")).orElse("none");
    judge(
        "token client",
        allowed(named, access.audiences(), access.scopes()),
        "client_id " + named,
        "the vault's client is "
            + access.clientId()
            + ", the token's "
            + named
            + "; OCI must use the client application's id, not the resource application's");
  }

  private void audience(JsonObject claims) {
    Set<String> named = Set.copyOf(texts(claims, "aud"));
    judge(
        "token audience",
        allowed(access.clientId(), named, access.scopes()),
        "aud " + list(named),
        "the token has "
            + list(named)
            + ", the vault accepts "
            + list(access.audiences())
            + "; correct the resource application's primary audience, or make the vault with --audience");
  }

  private void scope(JsonObject claims) {
    Set<String> named =
        text(claims, "scope").stream()
            .flatMap(words -> List.of(words.split(" ", -1)).stream())
            .filter(word -> !word.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    judge(
        "token scope",
        allowed(access.clientId(), access.audiences(), named),
        "scope " + list(named),
        "the token has "
            + list(named)
            + ", the vault accepts "
            + list(access.scopes())
            + "; add the scope to the resource application, and the resource application to the client application");
  }

  private void signature(ParsedToken parsed) {
    if (keys.isEmpty()) {
      steps.add(
          ExaminationStep.doubtful(
              "token signature",
              "not checked, because the signing keys could not be had",
              "see the checks of the issuer"));
      return;
    }
    JwkSet set = new JwkSet(keys.get(), 0, new IssuerMatch(issuer, Optional.empty()));
    steps.add(
        set.hasSigned(parsed)
            ? ExaminationStep.passed("token signature", "by a key of " + issuer.name())
            : ExaminationStep.failed(
                "token signature",
                "by none of the keys of " + issuer.name(),
                "the token is of another identity domain, or was changed on its way"));
  }

  /** Tries one part of the client check: the parts not in question are the vault's own. */
  private Runnable allowed(String client, Set<String> audiences, Set<String> scopes) {
    return () -> {
      VerifiedClient asIf =
          new VerifiedClient(client, Optional.empty(), audiences, scopes, Instant.MAX);
      new ClientCheck().check(asIf, access);
    };
  }

  private void judge(String check, Runnable rule, String good, String advice) {
    try {
      rule.run();
      steps.add(ExaminationStep.passed(check, ExaminedIssuer.shown(good)));
    } catch (EkmException | MalformedJsonException e) {
      steps.add(ExaminationStep.failed(check, reason(e), ExaminedIssuer.shown(advice)));
    }
  }

  private static String reason(RuntimeException e) {
    String text = e instanceof EkmException ekm ? ekm.safeDetail() : String.valueOf(e.getMessage());
    return text.replaceFirst("^token: ", "");
  }

  private static Optional<String> text(JsonObject claims, String name) {
    try {
      return claims.text(name, MAX_TEXT);
    } catch (MalformedJsonException e) {
      return Optional.empty();
    }
  }

  private static List<String> texts(JsonObject claims, String name) {
    try {
      return claims.textOrTexts(name, MAX_AUDIENCES, MAX_TEXT);
    } catch (MalformedJsonException e) {
      return List.of();
    }
  }

  private static String second(JsonObject claims, String name) {
    try {
      var second = claims.integer(name, 0, Validity.MAX_SECOND);
      return second.isPresent() ? Instant.ofEpochSecond(second.getAsLong()).toString() : "missing";
    } catch (MalformedJsonException e) {
      return "not a time";
    }
  }

  private static String list(Collection<String> values) {
    return values.isEmpty() ? "none" : values.stream().sorted().collect(Collectors.joining(", "));
  }
}
