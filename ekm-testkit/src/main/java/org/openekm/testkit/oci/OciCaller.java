// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls an external vault the way OCI External KMS does: HTTP/1.1 over TLS that is verified against
 * the CA bundle, a bearer token, 500 ms to connect, one second to answer, and one retry after a
 * time-out, a broken connection or a status of 500 and above. Nothing is cached but the token.
 *
 * <p>Bodies use the canonical names: {@code plaintext}, {@code ciphertext}, {@code iv}, {@code
 * tag}, {@code aad}, {@code keyVersionId}, {@code length}, {@code mode}; binary values are base64.
 *
 * <p>Thread-safe.
 */
public final class OciCaller {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Base64.Encoder BASE64 = Base64.getEncoder();

  private final URI vaultUrl;
  private final Exchange exchange;

  private OciCaller(Builder builder) {
    this.vaultUrl = withoutSlash(builder.vaultUrl);
    HttpClient.Builder http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(builder.connectTimeout);
    builder.trust.ifPresent(http::sslContext);
    this.exchange =
        new Exchange(http.build(), builder.tokens, builder.readTimeout, builder.retries);
  }

  /**
   * Returns a builder.
   *
   * @param vaultUrl the external vault URL, such as {@code https://10.0.0.5/ekm/v1/vaults/…}
   * @param tokens where the bearer token comes from
   */
  public static Builder builder(URI vaultUrl, TokenSource tokens) {
    return new Builder(vaultUrl, tokens);
  }

  /** GetVaultMetadata. */
  public OciResult<OciVault> getVaultMetadata() {
    return parse(
        get("/metadata"),
        body -> new OciVault(text(body, "vaultId"), text(body, "name"), text(body, "state")));
  }

  /** GetKeyMetadata: of the current version. */
  public OciResult<OciKey> getKeyMetadata(String keyId) {
    return parse(get("/keys/" + keyId + "/metadata"), OciCaller::key);
  }

  /** GetKeyVersionMetadata. */
  public OciResult<OciKey> getKeyVersionMetadata(String keyId, String keyVersionId) {
    return parse(
        get("/keys/" + keyId + "/keyVersions/" + keyVersionId + "/metadata"), OciCaller::key);
  }

  /** Encrypt, with additional authenticated data unless it is empty. */
  public OciResult<OciCiphertext> encrypt(KeyReference key, SecretBytes plaintext, Bytes aad) {
    Map<String, Object> body = cryptoBody(key.keyVersionId(), aad);
    body.put("plaintext", plaintext.read(BASE64::encodeToString));
    return parse(post(key, "encrypt", body), OciCaller::ciphertext);
  }

  /** Decrypt under the version that encrypted. */
  public OciResult<SecretBytes> decrypt(KeyReference key, OciCiphertext ciphertext, Bytes aad) {
    Map<String, Object> body = cryptoBody(Optional.of(ciphertext.keyVersionId()), aad);
    body.put("ciphertext", base64(ciphertext.ciphertext()));
    body.put("iv", base64(ciphertext.iv()));
    body.put("tag", base64(ciphertext.tag()));
    return parse(post(key, "decrypt", body), answer -> secret(answer, "plaintext"));
  }

  /** GenerateRandomBytes, with additional authenticated data unless it is empty. */
  public OciResult<OciRandomBytes> generateRandomBytes(KeyReference key, int length, Bytes aad) {
    Map<String, Object> body = cryptoBody(key.keyVersionId(), aad);
    body.put("length", length);
    return parse(post(key, "generateRandomBytes", body), OciCaller::randomBytes);
  }

  /** Sends a GET to a path below the vault URL. */
  public OciResponse get(String path) {
    return exchange.send("GET", at(path), Optional.empty());
  }

  /** Sends a POST with any body to a path below the vault URL. */
  public OciResponse post(String path, String body) {
    return exchange.send("POST", at(path), Optional.of(body));
  }

  private OciResponse post(KeyReference key, String operation, Map<String, Object> body) {
    return post("/keys/" + key.keyId() + "/" + operation, JSON.writeValueAsString(body));
  }

  private URI at(String path) {
    return URI.create(vaultUrl + path);
  }

  private static URI withoutSlash(URI url) {
    String text = url.toString();
    return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
  }

  private static Map<String, Object> cryptoBody(Optional<String> keyVersionId, Bytes aad) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("mode", "AES_GCM");
    keyVersionId.ifPresent(version -> body.put("keyVersionId", version));
    if (!aad.isEmpty()) {
      body.put("aad", base64(aad));
    }
    return body;
  }

  /** An answer of 200 that makes no sense is a failure, as it would be for OCI. */
  private static <T> OciResult<T> parse(OciResponse response, Function<JsonNode, T> reader) {
    if (!response.isSuccess()) {
      return new OciResult<>(response, Optional.empty());
    }
    try {
      return new OciResult<>(response, Optional.of(reader.apply(JSON.readTree(response.body()))));
    } catch (JacksonException | IllegalArgumentException e) {
      return new OciResult<>(response, Optional.empty());
    }
  }

  private static OciKey key(JsonNode body) {
    return new OciKey(
        text(body, "keyId"),
        text(body, "keyVersionId"),
        text(body, "name"),
        text(body, "state"),
        body.required("length").asInt());
  }

  private static OciCiphertext ciphertext(JsonNode body) {
    return new OciCiphertext(
        bytes(body, "ciphertext"),
        bytes(body, "iv"),
        bytes(body, "tag"),
        text(body, "keyVersionId"));
  }

  private static OciRandomBytes randomBytes(JsonNode body) {
    Optional<OciCiphertext> encrypted =
        body.hasNonNull("ciphertext") ? Optional.of(ciphertext(body)) : Optional.empty();
    return new OciRandomBytes(secret(body, "plaintext"), encrypted);
  }

  private static String text(JsonNode body, String name) {
    return body.required(name).asString();
  }

  private static Bytes bytes(JsonNode body, String name) {
    return Bytes.adopt(Base64.getDecoder().decode(text(body, name)));
  }

  private static SecretBytes secret(JsonNode body, String name) {
    return SecretBytes.adopt(Base64.getDecoder().decode(text(body, name)));
  }

  private static String base64(Bytes bytes) {
    return BASE64.encodeToString(bytes.toByteArray());
  }

  /** Settings of a caller; the defaults are OCI's. */
  public static final class Builder {

    private final URI vaultUrl;
    private final TokenSource tokens;
    private Optional<SSLContext> trust = Optional.empty();
    private Duration connectTimeout = Duration.ofMillis(500);
    private Duration readTimeout = Duration.ofSeconds(1);
    private int retries = 1;

    private Builder(URI vaultUrl, TokenSource tokens) {
      this.vaultUrl = vaultUrl;
      this.tokens = tokens;
    }

    /** Trusts the certificates in a PEM file and no others. */
    public Builder caBundle(Path pemFile) {
      return trust(CaBundle.read(pemFile));
    }

    /** Trusts what the context trusts; the default is what the Java runtime trusts. */
    public Builder trust(SSLContext context) {
      trust = Optional.of(context);
      return this;
    }

    /** Sets how long a connection may take to come about. */
    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    /** Sets how long an attempt may take until the last byte of the answer. */
    public Builder readTimeout(Duration value) {
      readTimeout = value;
      return this;
    }

    /** Sets how often to try again, 0 to never do so. */
    public Builder retries(int value) {
      retries = value;
      return this;
    }

    /** Returns the caller. */
    public OciCaller build() {
      return new OciCaller(this);
    }
  }
}
