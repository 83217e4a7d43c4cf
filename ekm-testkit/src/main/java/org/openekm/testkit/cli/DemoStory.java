// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.testkit.oci.CaBundle;
import org.openekm.testkit.oci.ClientCredentials;
import org.openekm.testkit.oci.EnvelopeObjectStore;
import org.openekm.testkit.oci.KeyReference;
import org.openekm.testkit.oci.OAuthApp;
import org.openekm.testkit.oci.OciCaller;
import org.openekm.testkit.oci.OciCiphertext;
import org.openekm.testkit.oci.OciKey;
import org.openekm.testkit.oci.OciResult;
import org.openekm.testkit.oci.StoredObject;
import org.openekm.testkit.oci.TokenMint;
import org.openekm.testkit.oci.TokenSigner;
import org.openekm.testkit.oci.TokenSource;
import org.openekm.testkit.oci.TokenUnavailableException;

/**
 * The story that the demo tells: an operator sets up a vault and a key, OCI uses them, the operator
 * blocks and rotates the key, and an attacker fails. Told once, by one thread.
 */
final class DemoStory {

  private static final Duration FIRST_CONTACT = Duration.ofSeconds(20);
  private static final Bytes CONTENT =
      Bytes.copyOf("Quarterly figures, not for everybody.".getBytes(StandardCharsets.UTF_8));
  private static final Bytes AAD = Bytes.copyOf("demo".getBytes(StandardCharsets.UTF_8));

  private final DemoStage stage;
  private final DemoSteps steps;

  DemoStory(DemoStage stage, DemoSteps steps) {
    this.stage = stage;
    this.steps = steps;
  }

  /** What the operator copies into OCI's console. */
  record Outcome(String externalVaultUrl, String externalKeyId) {}

  /**
   * Tells the story.
   *
   * @throws DemoFailedException if a step failed without which the rest makes no sense
   */
  Outcome tell() {
    long start = System.nanoTime();
    stage.startDomain();
    int exitCode = stage.initServer();
    steps.command("ekm init: certificate, secrets, ekm.yaml", exitCode, since(start), "");
    DomainDescription domain = stage.awaitDomain();
    steps.done("OCI", "identity domain, its two applications", since(start), "protected keys");
    stage.adaptConfig();
    AdminClient admin = serve();
    Outcome outcome = administer(admin, domain);

    TokenSource tokens = credentials(domain, domain.clientApp());
    OciCaller oci = caller(outcome, tokens);
    connectPrivateEndpoint(outcome);
    fetchToken(tokens);
    KeyReference key = connect(oci, outcome);
    OciCiphertext ciphertext = crypto(oci, key);
    EnvelopeObjectStore bucket = new EnvelopeObjectStore("demo-bucket", oci, key);
    fillBucket(bucket);
    blockAndUnblock(admin, oci, bucket, key);
    rotate(admin, oci, bucket, key);
    attack(outcome, domain, tokens, ciphertext);
    return outcome;
  }

  private AdminClient serve() {
    long start = System.nanoTime();
    AdminClient admin = stage.startServer();
    steps.done("operator", "ekm serve: ready", since(start), stage.endpointUrl());
    return admin;
  }

  private Outcome administer(AdminClient admin, DomainDescription domain) {
    addIssuer(domain);
    long start = System.nanoTime();
    stage.awaitReady(admin);
    steps.done(
        "operator",
        "the server has the domain's keys",
        since(start),
        "fetched by the resource application");
    steps.operator(
        "add the tenancy",
        admin.post(
            "/tenancies",
            Map.of("name", "demo-tenancy", "ocid", "ocid1.tenancy.oc1..aaaaaaaademo")),
        "demo-tenancy");
    AdminAnswer vault =
        admin.post(
            "/vaults",
            Map.of(
                "name", "demo-vault",
                "tenancy", "demo-tenancy",
                "issuer", "demo-domain",
                "clientId", domain.clientApp().clientId(),
                "host", "127.0.0.1",
                "port", stage.port()));
    steps.operator("add the vault", vault, vault.text("externalVaultUrl"));
    AdminAnswer key =
        admin.post("/vaults/demo-vault/keys", Map.of("name", "bucket-key", "lengthBytes", 32));
    steps.operator("create the key", key, "External Key ID " + key.text("externalKeyId"));
    if (!vault.isSuccess() || !key.isSuccess()) {
      throw new DemoFailedException("There is no vault or no key, so OCI can't go on.", null);
    }
    return new Outcome(vault.text("externalVaultUrl"), key.text("externalKeyId"));
  }

  private void addIssuer(DomainDescription domain) {
    String secret = stage.secretReference("resource-app", domain.resourceApp().clientSecret());
    long start = System.nanoTime();
    int exitCode =
        stage.manage(
            "issuer",
            "add",
            "demo-domain",
            "--discovery-url",
            domain.discoveryUrl().toString(),
            "--client-id",
            domain.resourceApp().clientId(),
            "--client-secret",
            secret);
    steps.command("ekm issuer add: the domain", exitCode, since(start), "by discovery URL");
  }

  private TokenSource credentials(DomainDescription domain, OAuthApp app) {
    HttpClient http =
        HttpClient.newBuilder().sslContext(CaBundle.read(stage.domainCaBundle())).build();
    return new ClientCredentials(http, domain.tokenUrl(), app, InstantSource.system());
  }

  private OciCaller caller(Outcome outcome, TokenSource tokens) {
    return OciCaller.builder(URI.create(outcome.externalVaultUrl()), tokens)
        .caBundle(stage.caBundle())
        .build();
  }

  /** The first connection of two cold processes may take longer than OCI's one second. */
  private void connectPrivateEndpoint(Outcome outcome) {
    OciCaller patient =
        OciCaller.builder(URI.create(outcome.externalVaultUrl()), TokenSource.fixed("not-a-token"))
            .caBundle(stage.caBundle())
            .connectTimeout(FIRST_CONTACT)
            .readTimeout(FIRST_CONTACT)
            .build();
    steps.oci("TLS by the CA bundle, no good token", 401, patient.getVaultMetadata().response());
  }

  private void fetchToken(TokenSource tokens) {
    long start = System.nanoTime();
    try {
      tokens.token();
      steps.done("OCI", "token by client credentials", since(start), "scope oci_ekms");
    } catch (TokenUnavailableException e) {
      throw new DemoFailedException(e.reason(), e);
    }
  }

  private KeyReference connect(OciCaller oci, Outcome outcome) {
    steps.oci("GetVaultMetadata", 200, oci.getVaultMetadata().response());
    OciResult<OciKey> key = oci.getKeyMetadata(outcome.externalKeyId());
    steps.oci("GetKeyMetadata", 200, key.response());
    String version =
        key.value()
            .map(OciKey::keyVersionId)
            .orElseThrow(
                () -> new DemoFailedException("OCI did not learn the key's version.", null));
    steps.oci(
        "GetKeyVersionMetadata",
        200,
        oci.getKeyVersionMetadata(outcome.externalKeyId(), version).response());
    return KeyReference.latest(outcome.externalKeyId()).pinnedTo(version);
  }

  private OciCiphertext crypto(OciCaller oci, KeyReference key) {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    try (SecretBytes plaintext = SecretBytes.adopt(random)) {
      OciResult<OciCiphertext> encrypted = oci.encrypt(key, plaintext, AAD);
      steps.oci("Encrypt", 200, encrypted.response());
      OciCiphertext ciphertext =
          encrypted
              .value()
              .orElseThrow(() -> new DemoFailedException("OCI could not encrypt.", null));
      OciResult<SecretBytes> decrypted = oci.decrypt(key, ciphertext, AAD);
      steps.oci(
          "Decrypt",
          200,
          decrypted.response(),
          decrypted.value().map(plaintext::equals).orElse(false));
      steps.oci("GenerateRandomBytes", 200, oci.generateRandomBytes(key, 32, AAD).response());
      return ciphertext;
    }
  }

  private void fillBucket(EnvelopeObjectStore bucket) {
    OciResult<StoredObject> stored = bucket.put("old.txt", CONTENT);
    steps.oci("bucket: put old.txt", 200, stored.response());
    if (stored.value().isEmpty()) {
      throw new DemoFailedException("The bucket could not store its first object.", null);
    }
    readObject(bucket, "old.txt", "");
  }

  private void readObject(EnvelopeObjectStore bucket, String name, String when) {
    OciResult<Bytes> read = bucket.get(name);
    boolean right = read.value().map(CONTENT::equals).orElse(false);
    steps.oci("bucket: get " + name + when, 200, read.response(), right);
  }

  private void blockAndUnblock(
      AdminClient admin, OciCaller oci, EnvelopeObjectStore bucket, KeyReference key) {
    steps.operator("block the key", admin.post(keyPath(key) + "/block", Map.of()), "blocked");
    steps.oci("bucket: get old.txt, key blocked", 403, bucket.get("old.txt").response());
    steps.oci("bucket: put new.txt, key blocked", 403, bucket.put("new.txt", CONTENT).response());
    steps.oci("GetKeyMetadata, key blocked", 403, oci.getKeyMetadata(key.keyId()).response());
    steps.operator("unblock the key", admin.post(keyPath(key) + "/unblock", Map.of()), "unblocked");
    readObject(bucket, "old.txt", ", key unblocked");
  }

  private void rotate(
      AdminClient admin, OciCaller oci, EnvelopeObjectStore bucket, KeyReference oldKey) {
    steps.operator(
        "rotate the key", admin.post(keyPath(oldKey) + "/rotate", Map.of()), "new version");
    OciResult<OciKey> current = oci.getKeyMetadata(oldKey.keyId());
    String version = current.value().map(OciKey::keyVersionId).orElse("");
    boolean isNew = !version.isEmpty() && !oldKey.keyVersionId().orElse("").equals(version);
    steps.oci("GetKeyMetadata: the new version", 200, current.response(), isNew);
    readObject(bucket, "old.txt", ", old version");
    if (isNew) {
      bucket.useKey(oldKey.pinnedTo(version));
    }
    OciResult<StoredObject> stored = bucket.put("new.txt", CONTENT);
    boolean pinned = stored.value().map(o -> o.keyVersionId().equals(version)).orElse(false);
    steps.oci("bucket: put new.txt, new version", 200, stored.response(), pinned);
    if (stored.value().isPresent()) {
      readObject(bucket, "new.txt", ", new version");
    }
  }

  private void attack(
      Outcome outcome, DomainDescription domain, TokenSource tokens, OciCiphertext ciphertext) {
    String claims =
        new String(
            Base64.getUrlDecoder().decode(tokens.token().split("\\.", -1)[1]),
            StandardCharsets.UTF_8);
    String forged = TokenMint.empty(TokenSigner.none()).rawClaims(claims).serialize();
    steps.oci(
        "attack: token without signature",
        401,
        caller(outcome, TokenSource.fixed(forged)).getVaultMetadata().response());
    TokenSource otherApp = credentials(domain, domain.resourceApp());
    steps.oci(
        "attack: token of another client",
        403,
        caller(outcome, otherApp).getVaultMetadata().response());
    steps.oci(
        "attack: ciphertext under other data",
        400,
        caller(outcome, tokens)
            .decrypt(KeyReference.latest(outcome.externalKeyId()), ciphertext, Bytes.empty())
            .response());
  }

  private static String keyPath(KeyReference key) {
    return "/keys/" + key.keyId();
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
