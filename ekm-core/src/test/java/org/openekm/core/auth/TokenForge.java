// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.openekm.testkit.fake.TestKeys;

/** Makes tokens, good and bad, and JWKs, with the JDK's own signatures. */
final class TokenForge {

  static final String CLIENT = "d3adb33fcafe4a5f9d8c7b6a59483726";
  static final String AUDIENCE = "https://203.0.113.7/";
  static final KeyPair A = TestKeys.newRsa(2048);
  static final KeyPair B = TestKeys.newRsa(2048);
  static final KeyPair ATTACKER = TestKeys.newRsa(2048);

  private String header = "{\"alg\":\"RS256\",\"kid\":\"SIGNING_KEY\"}";
  private final Map<String, String> claims = new LinkedHashMap<>();

  /** A token as an identity domain gives it to OCI's client. */
  static TokenForge valid(Instant now) {
    TokenForge forge = new TokenForge();
    forge.claims.put("iss", quote("https://identity.oraclecloud.com/"));
    forge.claims.put("aud", quote(AUDIENCE));
    forge.claims.put("sub", quote(CLIENT));
    forge.claims.put("sub_type", quote("client"));
    forge.claims.put("client_id", quote(CLIENT));
    forge.claims.put("scope", quote("oci_ekms"));
    forge.claims.put("tok_type", quote("AT"));
    forge.claims.put("jti", quote("b1946ac92492d234"));
    forge.claims.put("iat", String.valueOf(now.getEpochSecond()));
    forge.claims.put("exp", String.valueOf(now.getEpochSecond() + 3600));
    return forge;
  }

  TokenForge header(String json) {
    header = json;
    return this;
  }

  /** Sets a claim to a JSON value as it stands. */
  TokenForge claim(String name, String json) {
    claims.put(name, json);
    return this;
  }

  TokenForge claim(String name, long number) {
    return claim(name, String.valueOf(number));
  }

  TokenForge text(String name, String value) {
    return claim(name, quote(value));
  }

  TokenForge without(String name) {
    claims.remove(name);
    return this;
  }

  String claimsJson() {
    return claims.entrySet().stream()
        .map(claim -> quote(claim.getKey()) + ":" + claim.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  String signed() {
    return signedBy(A);
  }

  String signedBy(KeyPair keys) {
    return signed(header, claimsJson(), keys.getPrivate(), "SHA256withRSA");
  }

  String signed(PrivateKey key, String algorithm) {
    return signed(header, claimsJson(), key, algorithm);
  }

  String unsigned() {
    return encode(header) + "." + encode(claimsJson()) + ".";
  }

  static String signed(String header, String claims, PrivateKey key, String algorithm) {
    String input = encode(header) + "." + encode(claims);
    return input + "." + encode(sign(input, key, algorithm));
  }

  static byte[] sign(String input, PrivateKey key, String algorithm) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(input.getBytes(US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encode(String text) {
    return encode(text.getBytes(UTF_8));
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String quote(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** A key as identity domains publish it: one id for all, and no {@code verify}. */
  static String jwk(KeyPair keys) {
    return jwk(
        keys, "\"kid\":\"SIGNING_KEY\",\"alg\":\"RS256\",\"key_ops\":[\"encrypt\",\"sign\"]");
  }

  static String jwk(KeyPair keys, String members) {
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    String comma = members.isEmpty() ? "" : ",";
    return "{\"kty\":\"RSA\",\"n\":"
        + quote(encode(unsignedBytes(key.getModulus())))
        + ",\"e\":"
        + quote(encode(unsignedBytes(key.getPublicExponent())))
        + comma
        + members
        + "}";
  }

  static String jwks(String... keys) {
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }

  private static byte[] unsignedBytes(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }
}
