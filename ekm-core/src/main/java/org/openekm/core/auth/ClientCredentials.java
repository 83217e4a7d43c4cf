// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.openekm.api.SecretBytes;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.store.IssuerRecord;

/** Gets the access token that opens protected signing keys, by OAuth client credentials. */
final class ClientCredentials {

  private static final String FORM =
      "grant_type=client_credentials&scope="
          + URLEncoder.encode("urn:opc:idm:__myscopes__", StandardCharsets.UTF_8);
  private static final int MAX_TOKEN = 16_384;

  private final HttpFetcher fetcher;
  private final SecretResolver secrets;

  ClientCredentials(HttpFetcher fetcher, SecretResolver secrets) {
    this.fetcher = fetcher;
    this.secrets = secrets;
  }

  /**
   * Returns the value of {@code Authorization} for the request for the keys.
   *
   * @throws FetchException if the secret or the token can't be had
   */
  String authorization(IssuerRecord.JwksClient client, URI tokenUrl) {
    HttpFetcher.Request request =
        new HttpFetcher.Request(tokenUrl, Optional.of(basic(client)), Optional.of(FORM));
    JsonObject answer = JsonObject.parse("token answer", fetcher.fetch(request).toByteArray());
    boolean bearer = answer.text("token_type", 64).orElse("Bearer").equalsIgnoreCase("Bearer");
    String token = answer.text("access_token", MAX_TOKEN).orElse("");
    if (!bearer || !token.matches("[\\x21-\\x7e]+")) {
      throw new FetchException("gave no bearer token to fetch the signing keys with");
    }
    return "Bearer " + token;
  }

  /** The JDK's client takes a header as text only, so this copy of the secret can't be wiped. */
  private String basic(IssuerRecord.JwksClient client) {
    try (SecretBytes secret = secrets.resolve(client.clientSecret())) {
      String user = URLEncoder.encode(client.clientId(), StandardCharsets.UTF_8);
      String password =
          secret.read(
              bytes -> {
                CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
                return URLEncoder.encode(text.toString(), StandardCharsets.UTF_8);
              });
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    } catch (SecretUnavailableException e) {
      throw new FetchException("needs the client secret: " + e.getMessage(), e);
    }
  }
}
