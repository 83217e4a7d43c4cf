// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.testkit.fake.TestCertificate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A small key manager with one vault and one key, for judging the caller. */
final class StandInVendor implements ResponseDefinitionTransformerV2, AutoCloseable {

  static final String VAULT = "8f6f0b0e-5b0c-4b07-9d1f-0f6f7c1f2a10";
  static final String KEY = "0b9be5a4-27a0-4a9e-8f0e-6e2a6a8a9d11";

  private static final JsonMapper JSON = JsonMapper.shared();

  private final FakeIdentityDomain domain;
  private final WireMockServer server;
  private final Map<String, byte[]> versions = new LinkedHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final Queue<UnaryOperator<ResponseDefinitionBuilder>> faults = new ArrayDeque<>();
  private final List<Map<String, String>> seen = new CopyOnWriteArrayList<>();
  private String current = "";
  private boolean blocked;
  private boolean sealsRandomBytes = true;

  StandInVendor(FakeIdentityDomain domain, TestCertificate certificate, Path directory) {
    this.domain = domain;
    Path file = certificate.writePkcs12(directory.resolve("vendor.p12"), "password");
    this.server =
        new WireMockServer(
            WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .httpDisabled(true)
                .dynamicHttpsPort()
                .http2TlsDisabled(true)
                .keystoreType("PKCS12")
                .keystorePath(file.toString())
                .keystorePassword("password")
                .keyManagerPassword("password")
                .extensions(this));
    server.start();
    server.stubFor(any(anyUrl()));
    rotate();
  }

  URI vaultUrl() {
    return URI.create("https://127.0.0.1:" + server.httpsPort() + "/ekm/v1/vaults/" + VAULT);
  }

  synchronized String rotate() {
    current = UUID.randomUUID().toString();
    byte[] material = new byte[32];
    random.nextBytes(material);
    versions.put(current, material);
    return current;
  }

  synchronized void block(boolean value) {
    blocked = value;
  }

  synchronized void sealRandomBytes(boolean value) {
    sealsRandomBytes = value;
  }

  /** Spoils the next answer. */
  synchronized void next(UnaryOperator<ResponseDefinitionBuilder> fault) {
    faults.add(fault);
  }

  /** Returns the headers of the requests so far. */
  List<Map<String, String>> seen() {
    return seen;
  }

  @Override
  public String getName() {
    return "stand-in-vendor";
  }

  @Override
  public synchronized ResponseDefinition transform(ServeEvent event) {
    Request request = event.getRequest();
    Map<String, String> headers = new LinkedHashMap<>();
    request
        .getAllHeaderKeys()
        .forEach(name -> headers.put(name.toLowerCase(Locale.ROOT), request.getHeader(name)));
    seen.add(headers);
    UnaryOperator<ResponseDefinitionBuilder> fault = faults.poll();
    ResponseDefinitionBuilder answer = answer(request);
    return (fault == null ? answer : fault.apply(answer)).build();
  }

  private ResponseDefinitionBuilder answer(Request request) {
    String path = request.getUrl().substring(("/ekm/v1/vaults/" + VAULT).length());
    String key = "/keys/" + KEY;
    if (!tokenIsGood(request)) {
      return error(401, "Unauthorized");
    }
    if (path.equals("/metadata")) {
      return json(200, Map.of("vaultId", VAULT, "name", "OCI", "state", "ACTIVE"));
    }
    if (!path.startsWith(key)) {
      return error(404, "Invalid key details provided");
    }
    if (blocked) {
      return error(403, "OCI key is not in Active state to perform the operation.");
    }
    String operation = path.substring(key.length());
    if (operation.endsWith("/metadata")) {
      String version = operation.equals("/metadata") ? current : operation.split("/", -1)[2];
      return json(200, metadata(version));
    }
    JsonNode body = JSON.readTree(request.getBodyAsString());
    try {
      return switch (operation) {
        case "/encrypt" -> json(200, encrypt(body, decode(body, "plaintext")));
        case "/decrypt" -> json(200, Map.of("plaintext", encode(decrypt(body))));
        case "/generateRandomBytes" -> json(200, randomBytes(body));
        default -> error(404, "Not found");
      };
    } catch (GeneralSecurityException e) {
      return error(400, "Bad Request: can't decrypt");
    }
  }

  private boolean tokenIsGood(Request request) {
    try {
      String header = request.getHeader("Authorization");
      SignedJWT token = SignedJWT.parse(header.substring("Bearer ".length()));
      return token.verify(new RSASSAVerifier(domain.publicKey()));
    } catch (Exception e) {
      return false;
    }
  }

  private static Map<String, Object> metadata(String version) {
    return Map.of(
        "keyId", KEY, "keyVersionId", version, "name", "CM_Key", "state", "ACTIVE", "length", 32);
  }

  private Map<String, Object> randomBytes(JsonNode body) throws GeneralSecurityException {
    byte[] bytes = new byte[body.path("length").asInt(32)];
    random.nextBytes(bytes);
    Map<String, Object> answer = new LinkedHashMap<>();
    if (sealsRandomBytes) {
      answer.putAll(encrypt(body, bytes));
    }
    answer.put("plaintext", encode(bytes));
    return answer;
  }

  private Map<String, Object> encrypt(JsonNode body, byte[] plaintext)
      throws GeneralSecurityException {
    String version = body.path("keyVersionId").asString(current);
    byte[] iv = new byte[12];
    random.nextBytes(iv);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, version, iv, body).doFinal(plaintext);
    return Map.of(
        "ciphertext", encode(Arrays.copyOf(sealed, plaintext.length)),
        "tag", encode(Arrays.copyOfRange(sealed, plaintext.length, sealed.length)),
        "iv", encode(iv),
        "keyVersionId", version);
  }

  private byte[] decrypt(JsonNode body) throws GeneralSecurityException {
    byte[] ciphertext = decode(body, "ciphertext");
    byte[] tag = decode(body, "tag");
    byte[] sealed = Arrays.copyOf(ciphertext, ciphertext.length + tag.length);
    System.arraycopy(tag, 0, sealed, ciphertext.length, tag.length);
    String version = body.path("keyVersionId").asString(current);
    return cipher(Cipher.DECRYPT_MODE, version, decode(body, "iv"), body).doFinal(sealed);
  }

  private Cipher cipher(int mode, String version, byte[] iv, JsonNode body)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    SecretKeySpec key = new SecretKeySpec(versions.get(version), "AES");
    cipher.init(mode, key, new GCMParameterSpec(128, iv));
    cipher.updateAAD(decode(body, "aad"));
    return cipher;
  }

  private static byte[] decode(JsonNode body, String name) {
    return Base64.getDecoder().decode(body.path(name).asString(""));
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static ResponseDefinitionBuilder error(int status, String message) {
    ObjectNode body = JSON.createObjectNode();
    body.put("code", Integer.toString(status)).put("message", message);
    return json(status, body);
  }

  private static ResponseDefinitionBuilder json(int status, Object body) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/json")
        .withBody(JSON.writeValueAsString(body));
  }

  @Override
  public void close() {
    server.stop();
  }
}
