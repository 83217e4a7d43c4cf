// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The claims that matter, each of the right type and in range.
 *
 * @param issuer {@code iss}
 * @param tenantIssuer {@code tenant_iss}: the domain's own issuer, where {@code iss} is the general
 *     one
 * @param validity from when to when
 * @param clientId the OAuth client
 * @param tokenId {@code jti}
 * @param audiences {@code aud}, as sent
 * @param scopes the token's scopes, one word each
 */
record TokenClaims(
    String issuer,
    Optional<String> tenantIssuer,
    Validity validity,
    String clientId,
    Optional<String> tokenId,
    Set<String> audiences,
    Set<String> scopes) {

  private static final int MAX_TEXT = 512;
  private static final int MAX_SCOPE = 4096;
  private static final int MAX_AUDIENCES = 32;

  static TokenClaims read(JsonObject json) {
    String issuer =
        json.text("iss", MAX_TEXT).orElseThrow(() -> Refusals.invalid("iss is missing"));
    json.text("tok_type", MAX_TEXT).ifPresent(type -> requireValue("tok_type", "AT", type));
    return new TokenClaims(
        issuer,
        json.text("tenant_iss", MAX_TEXT),
        Validity.read(json),
        clientId(json),
        json.text("jti", MAX_TEXT),
        Set.copyOf(json.textOrTexts("aud", MAX_AUDIENCES, MAX_TEXT)),
        scopes(json));
  }

  /**
   * A token of a person has {@code sub} and {@code client_id} too, but they differ; only a client
   * that acts for itself is let in.
   */
  private static String clientId(JsonObject json) {
    Optional<String> client = json.text("client_id", MAX_TEXT);
    Optional<String> subject = json.text("sub", MAX_TEXT);
    Optional<String> subjectType = json.text("sub_type", MAX_TEXT);
    subjectType.ifPresent(type -> requireValue("sub_type", "client", type));
    if (client.isPresent()) {
      if (subject.isPresent() && !subject.equals(client)) {
        throw Refusals.invalid("client_id and sub must be the same client");
      }
      return client.get();
    }
    if (subject.isEmpty() || subjectType.isEmpty()) {
      throw Refusals.invalid("client_id is missing, and there is no sub with sub_type client");
    }
    return subject.get();
  }

  private static Set<String> scopes(JsonObject json) {
    List<String> words = new ArrayList<>();
    for (String word : json.text("scope", MAX_SCOPE).orElse("").split(" ", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return Set.copyOf(words);
  }

  private static void requireValue(String claim, String required, String actual) {
    if (!actual.equals(required)) {
      throw Refusals.invalid(claim + " must be " + required);
    }
  }
}
