// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import java.io.IOException;
import java.math.BigInteger;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks bearer tokens against one identity domain and one client. Thread-safe. */
final class TokenCheck {

  private static final long SKEW = 60;
  private static final int MAX_LENGTH = 16_384;
  private static final int FETCH_MILLIS = 500;
  private static final Set<String> HEADERS =
      Set.of("alg", "kid", "typ", "x5t", "x5t#S256", "jku", "x5u", "jwk");
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final JsonMapper LENIENT = JsonMapper.builder().build();

  private final FakeIdentityDomain domain;
  private final OAuthApp client;
  private final Flaws flaws;

  TokenCheck(FakeIdentityDomain domain, OAuthApp client, Flaws flaws) {
    this.domain = domain;
    this.client = client;
    this.flaws = flaws;
  }

  /** Refuses with 401 or 403, or does nothing. */
  void check(Request request) throws Refused {
    String token = bearer(request);
    String text =
        flaws.has(Mutation.FOREIGN_CHARACTERS_IGNORED)
            ? token.replaceAll("[^A-Za-z0-9_.-]", "")
            : token;
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3 || text.length() > MAX_LENGTH) {
      throw invalid();
    }
    try {
      JsonNode header = STRICT.readTree(decode(parts[0]));
      JsonNode claims =
          (flaws.has(Mutation.DUPLICATE_CLAIM_TAKEN) ? LENIENT : STRICT).readTree(decode(parts[1]));
      require(header.isObject() && claims.isObject());
      header(header);
      require(flaws.has(Mutation.SIGNATURE_UNCHECKED) || trusted(header, parts));
      claims(claims);
    } catch (JacksonException | IllegalArgumentException | GeneralSecurityException e) {
      throw invalid();
    }
  }

  private String bearer(Request request) throws Refused {
    List<String> all = request.all("authorization");
    if (all.isEmpty() && flaws.has(Mutation.TOKEN_IN_QUERY)) {
      return request.query("access_token").orElseThrow(TokenCheck::invalid);
    }
    if (all.size() != 1 || !all.get(0).toLowerCase(Locale.ROOT).startsWith("bearer ")) {
      throw invalid();
    }
    return all.get(0).substring(7);
  }

  private byte[] decode(String part) {
    byte[] bytes = Base64.getUrlDecoder().decode(part);
    String again = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    if (!again.equals(part) && !flaws.has(Mutation.UNUSED_BITS_IGNORED)) {
      throw new IllegalArgumentException("not canonical");
    }
    return bytes;
  }

  private void header(JsonNode header) throws Refused {
    for (String name : header.propertyNames()) {
      require(
          HEADERS.contains(name)
              || (flaws.has(Mutation.CRITICAL_HEADER_IGNORED) && !name.equals("zip")));
    }
    require(header.path("alg").isString());
    String type = header.path("typ").asString("JWT");
    require(type.equalsIgnoreCase("JWT") || type.equalsIgnoreCase("at+jwt"));
    require(header.path("kid").asString("").length() <= 256);
    if (flaws.has(Mutation.KEY_ADDRESS_FETCHED) && header.has("jku")) {
      fetch(URI.create(header.path("jku").asString()));
    }
  }

  private static void fetch(URI address) throws Refused {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), FETCH_MILLIS);
    } catch (IOException e) {
      throw invalid();
    }
  }

  private boolean trusted(JsonNode header, String[] parts) throws GeneralSecurityException {
    boolean asks = flaws.has(Mutation.KEYS_OUTAGE_OPENS) || flaws.has(Mutation.KEYS_OUTAGE_CLOSES);
    if (asks && !domainGivesKeys()) {
      return flaws.has(Mutation.KEYS_OUTAGE_OPENS);
    }
    return signed(header, parts);
  }

  private boolean domainGivesKeys() {
    try {
      HttpURLConnection call = (HttpURLConnection) domain.jwksUrl().toURL().openConnection();
      call.setConnectTimeout(FETCH_MILLIS);
      call.setReadTimeout(FETCH_MILLIS);
      return call.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean signed(JsonNode header, String[] parts) throws GeneralSecurityException {
    String algorithm = header.path("alg").asString();
    byte[] input = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
    byte[] signature = decode(parts[2]);
    if (algorithm.equalsIgnoreCase("none")) {
      boolean lower = algorithm.equals("none");
      return flaws.has(Mutation.ALG_NONE) ? lower : flaws.has(Mutation.ALG_NONE_ANY_CASE) && !lower;
    }
    if (algorithm.equals("HS256") && flaws.has(Mutation.HMAC_WITH_PUBLIC_KEY)) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(domain.publicKey().getEncoded(), "HmacSHA256"));
      return MessageDigest.isEqual(mac.doFinal(input), signature);
    }
    boolean right = algorithm.equals("RS256") || flaws.has(Mutation.ALGORITHM_BY_LENGTH);
    return right && signature.length > 0 && rsa(key(header), input, signature);
  }

  private static boolean rsa(PublicKey key, byte[] input, byte[] signature)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("SHA256withRSA");
    verifier.initVerify(key);
    verifier.update(input);
    return verifier.verify(signature);
  }

  private PublicKey key(JsonNode header) throws GeneralSecurityException {
    if (!flaws.has(Mutation.EMBEDDED_KEY_TRUSTED) || !header.has("jwk")) {
      return domain.publicKey();
    }
    JsonNode jwk = header.path("jwk");
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(number(jwk.path("n")), number(jwk.path("e"))));
  }

  private static BigInteger number(JsonNode node) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(node.asString()));
  }

  private void claims(JsonNode claims) throws Refused {
    times(claims);
    require(
        claims.path("iss").asString("").equals(domain.issuer())
            || flaws.has(Mutation.ISSUER_UNCHECKED));
    require(
        claims.path("tenant_iss").asString(domain.tenantIssuer()).equals(domain.tenantIssuer())
            || flaws.has(Mutation.TENANCY_UNCHECKED)
            || flaws.has(Mutation.ISSUER_UNCHECKED));
    require(audienceFits(claims.path("aud")));
    require(
        claims.path("tok_type").asString("AT").equals("AT")
            || flaws.has(Mutation.TOKEN_TYPE_UNCHECKED));
    boolean sameSubject =
        claims.path("sub").asString("").equals(claims.path("client_id").asString(""));
    require(sameSubject || flaws.has(Mutation.SUBJECT_UNCHECKED));
    if (!claims.path("client_id").asString("").equals(client.clientId())
        && !flaws.has(Mutation.CLIENT_UNCHECKED)) {
      throw new Refused(403, "Client application is not allowed to use this vault.");
    }
    if (!scopeFits(claims.path("scope").asString(""))) {
      throw new Refused(403, "Client application is not allowed to use this vault.");
    }
  }

  private void times(JsonNode claims) throws Refused {
    long now = Instant.now().getEpochSecond();
    JsonNode exp = claims.path("exp");
    if (exp.isMissingNode()) {
      require(flaws.has(Mutation.EXPIRY_OPTIONAL));
    } else if (exp.isString()) {
      require(flaws.has(Mutation.EXPIRY_AS_TEXT));
    } else {
      require(exp.isIntegralNumber() && exp.canConvertToLong());
      require(
          exp.asLong() > now - SKEW || (flaws.has(Mutation.EXPIRY_UNCHECKED) && exp.asLong() > 0));
    }
    require(claims.path("nbf").asLong(0) <= now + SKEW || flaws.has(Mutation.START_UNCHECKED));
    require(claims.path("iat").asLong(0) <= now + SKEW || flaws.has(Mutation.START_UNCHECKED));
  }

  private boolean audienceFits(JsonNode aud) {
    if (flaws.has(Mutation.AUDIENCE_UNCHECKED)) {
      return true;
    }
    for (JsonNode each : aud.isArray() ? aud : LENIENT.createArrayNode().add(aud)) {
      String text = each.asString("");
      if (text.equals(client.audience())
          || (flaws.has(Mutation.AUDIENCE_PREFIX) && text.startsWith(client.audience()))) {
        return true;
      }
    }
    return false;
  }

  private boolean scopeFits(String scopes) {
    return flaws.has(Mutation.SCOPE_UNCHECKED)
        || (flaws.has(Mutation.SCOPE_SUBSTRING) && scopes.contains(FakeIdentityDomain.EKMS_SCOPE))
        || Arrays.asList(scopes.split(" ", -1)).contains(FakeIdentityDomain.EKMS_SCOPE);
  }

  private static void require(boolean so) throws Refused {
    if (!so) {
      throw invalid();
    }
  }

  private static Refused invalid() {
    return new Refused(401, "Bearer token is not valid for this vault.");
  }
}
