// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.auth.TokenVerifier;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A right verifier for RS256 with one key per issuer; wrong in as many ways as it is told to be.
 */
final class PlainTokenVerifier implements TokenVerifier {

  /** A way to be wrong. */
  enum Flaw {
    NO_SIGNATURE_CHECK,
    ACCEPTS_NONE,
    KEYS_A_MAC_WITH_THE_PUBLIC_KEY,
    TRUSTS_THE_KEY_IN_THE_HEADER,
    NO_EXPIRY,
    ENDLESS_WITHOUT_EXP,
    NO_NOT_BEFORE,
    NO_ISSUER,
    TAKES_ANY_KNOWN_KEY,
    IGNORES_CRIT,
    DUPLICATES_ALLOWED,
    TRIMS,
    LENIENT_BASE64,
    CACHE_OUTLIVES_THE_TOKEN,
    NEEDS_NO_CLIENT,
    OTHER_EXCEPTION,
    OTHER_CODE,
    QUOTES_THE_TOKEN
  }

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final JsonMapper LAX =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Map<IssuerId, PublicKey> keys;
  private final InstantSource clock;
  private final Set<Flaw> flaws;
  private final Map<String, VerifiedClient> cache = new ConcurrentHashMap<>();

  PlainTokenVerifier(Map<IssuerId, PublicKey> keys, InstantSource clock, Set<Flaw> flaws) {
    this.keys = Map.copyOf(keys);
    this.clock = clock;
    this.flaws = flaws.isEmpty() ? EnumSet.noneOf(Flaw.class) : EnumSet.copyOf(flaws);
  }

  @Override
  public VerifiedClient verify(IssuerRecord issuer, String token) {
    String text = has(Flaw.TRIMS) ? token.trim() : token;
    VerifiedClient known = cache.get(text + issuer.id());
    if (known != null
        && (known.expiresAt().isAfter(clock.instant()) || has(Flaw.CACHE_OUTLIVES_THE_TOKEN))) {
      return known;
    }
    try {
      VerifiedClient client = check(issuer, text);
      cache.put(text + issuer.id(), client);
      return client;
    } catch (RuntimeException | GeneralSecurityException e) {
      throw refusal(text, e);
    }
  }

  private RuntimeException refusal(String text, Exception cause) {
    if (has(Flaw.OTHER_EXCEPTION)) {
      return new IllegalArgumentException("not a token", cause);
    }
    EkmErrorCode code = has(Flaw.OTHER_CODE) ? EkmErrorCode.INTERNAL : EkmErrorCode.TOKEN_INVALID;
    return new EkmException(
        code, has(Flaw.QUOTES_THE_TOKEN) ? "not a token: " + text : "not a token");
  }

  private VerifiedClient check(IssuerRecord issuer, String token) throws GeneralSecurityException {
    String[] parts = token.split("\\.", -1);
    require(parts.length == 3);
    JsonNode header = json(parts[0]);
    require(header.get("crit") == null || has(Flaw.IGNORES_CRIT));
    byte[] signature = decode(parts[2]);
    byte[] input = (parts[0] + "." + parts[1]).getBytes(UTF_8);
    require(isSigned(issuer, header, input, signature));
    JsonNode claims = json(parts[1]);
    checkLifetime(claims);
    require(
        has(Flaw.NO_ISSUER)
            || (claims.path("iss").isString()
                && issuer.acceptedIssuers().contains(claims.path("iss").asString())));
    return client(claims);
  }

  private boolean isSigned(IssuerRecord issuer, JsonNode header, byte[] input, byte[] signature)
      throws GeneralSecurityException {
    String algorithm = header.path("alg").asString("");
    if (has(Flaw.ACCEPTS_NONE) && algorithm.equalsIgnoreCase("none")) {
      return true;
    }
    PublicKey key = keys.get(issuer.id());
    if (has(Flaw.KEYS_A_MAC_WITH_THE_PUBLIC_KEY) && algorithm.equals("HS256")) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
      return Arrays.equals(mac.doFinal(input), signature);
    }
    require(algorithm.equals("RS256"));
    if (has(Flaw.TRUSTS_THE_KEY_IN_THE_HEADER) && header.has("jwk")) {
      key = embedded(header.get("jwk"));
    }
    if (has(Flaw.NO_SIGNATURE_CHECK)) {
      return true;
    }
    if (has(Flaw.TAKES_ANY_KNOWN_KEY)) {
      for (PublicKey any : keys.values()) {
        if (verifies(any, input, signature)) {
          return true;
        }
      }
    }
    return verifies(key, input, signature);
  }

  private void checkLifetime(JsonNode claims) {
    Instant now = clock.instant();
    boolean endless = has(Flaw.ENDLESS_WITHOUT_EXP) && !claims.has("exp");
    require(endless || claims.path("exp").isIntegralNumber());
    require(endless || has(Flaw.NO_EXPIRY) || now.getEpochSecond() < claims.path("exp").asLong());
    require(
        has(Flaw.NO_NOT_BEFORE)
            || !claims.has("nbf")
            || claims.get("nbf").asLong() <= now.getEpochSecond() + 60);
  }

  private VerifiedClient client(JsonNode claims) {
    String clientId = claims.path("client_id").asString("");
    require(!clientId.isEmpty() || has(Flaw.NEEDS_NO_CLIENT));
    JsonNode audience = claims.path("aud");
    List<String> audiences =
        audience.isArray()
            ? StreamSupport.stream(audience.spliterator(), false).map(JsonNode::asString).toList()
            : List.of(audience.asString(""));
    return new VerifiedClient(
        clientId,
        Optional.of(claims.path("jti").asString("")),
        Set.copyOf(audiences),
        Set.of(claims.path("scope").asString("").split(" ")),
        Instant.ofEpochSecond(claims.path("exp").asLong(0)));
  }

  private JsonNode json(String part) {
    JsonNode node = (has(Flaw.DUPLICATES_ALLOWED) ? LAX : STRICT).readTree(decode(part));
    require(node.isObject());
    return node;
  }

  private byte[] decode(String part) {
    if (has(Flaw.LENIENT_BASE64)) {
      return Base64.getUrlDecoder().decode(part.replaceAll("[^A-Za-z0-9_-]", ""));
    }
    byte[] bytes = Base64.getUrlDecoder().decode(part);
    require(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part));
    return bytes;
  }

  private static boolean verifies(PublicKey key, byte[] input, byte[] signature)
      throws GeneralSecurityException {
    Signature rsa = Signature.getInstance("SHA256withRSA");
    rsa.initVerify(key);
    rsa.update(input);
    return rsa.verify(signature);
  }

  private static PublicKey embedded(JsonNode jwk) throws GeneralSecurityException {
    Map<String, BigInteger> numbers = new HashMap<>();
    for (String name : List.of("n", "e")) {
      numbers.put(name, new BigInteger(1, Base64.getUrlDecoder().decode(jwk.get(name).asString())));
    }
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(numbers.get("n"), numbers.get("e")));
  }

  private boolean has(Flaw flaw) {
    return flaws.contains(flaw);
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new IllegalStateException("a rule is broken");
    }
  }
}
