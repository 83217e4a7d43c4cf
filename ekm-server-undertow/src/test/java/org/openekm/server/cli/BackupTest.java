// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.server.cli.Terminal.ekm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.Bytes;
import org.openekm.api.CallContext;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest;
import org.openekm.api.EncryptRequest;
import org.openekm.api.EncryptResult;
import org.openekm.api.KeyId;
import org.openekm.api.NanoClock;
import org.openekm.api.RequestId;
import org.openekm.api.SecretBytes;
import org.openekm.api.VaultId;
import org.openekm.api.VerifiedClient;
import org.openekm.core.EkmEngine;
import org.openekm.core.admin.AdminContext;
import org.openekm.core.admin.AdminIdentity;
import org.openekm.core.admin.NewIssuer;
import org.openekm.core.admin.NewKeyCommand;
import org.openekm.core.admin.NewVault;
import org.openekm.server.EkmServer;
import org.openekm.server.config.ConfigLoader;
import org.openekm.server.config.ServerAssembly;
import org.openekm.spi.ComponentLoader;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.Ports;
import org.openekm.testkit.postgres.PostgresServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A backup that is taken while the server works, and restored elsewhere. */
@Tag("once")
@Timeout(180)
class BackupTest {

  private static final AdminContext ADMIN =
      new AdminContext(AdminIdentity.root("kim"), new RequestId("admin-1"), Optional.empty());
  private static final String OWN_STORE = "  type: sqlite\n  path: ${here}/data/ekm.db\n";
  private static final Bytes AAD = Bytes.copyOf(new byte[] {1, 2, 3});

  @TempDir Path folder;

  /** A server as {@code ekm serve} makes it, with its engine to talk to. */
  private record Running(EkmServer server, EkmEngine engine) implements AutoCloseable {

    static Running start(Path home) {
      AtomicReference<EkmEngine> engine = new AtomicReference<>();
      EkmServer server =
          new ServerAssembly(
                  ComponentLoader.ofServiceLoader(BackupTest.class.getClassLoader()),
                  (made, credential) -> {
                    engine.set(made);
                    return exchange -> exchange.setStatusCode(404);
                  })
              .assemble(new ConfigLoader().load(home.resolve("ekm.yaml")));
      server.start();
      return new Running(server, engine.get());
    }

    @Override
    public void close() {
      server.close();
    }
  }

  @Test
  void backupUnderLoad_restoredElsewhere_sameDigestAndTheAuditChainGoesOn() throws Exception {
    Path old = initialised("old");
    Path restored = initialised("restored");
    JsonNode exported;
    EncryptResult sealed;
    VaultId vault;
    KeyId key;
    try (PostgresServer database = PostgresServer.start(folder.resolve("postgres"))) {
      shareDatabase(old, database.url(database.newDatabase()));
      try (Running running = Running.start(old)) {
        VaultRecord made = addVault(running.engine());
        vault = made.id();
        key = addKey(running.engine(), "first");
        sealed = encrypt(running.engine(), vault, key);
        exported = exportedUnderLoad(running.engine(), vault, key, old);
      }
    }

    copy(old, restored, "secrets/kek", "data/keys.ekm", "audit");
    JsonNode imported = store("import", restored, "--file", dump().toString());
    assertThat(imported.path("digest")).isEqualTo(exported.path("digest"));
    assertThat(store("digest", restored).path("digest")).isEqualTo(exported.path("digest"));
    JsonNode before = audit(restored);
    try (Running running = Running.start(restored)) {
      assertThat(decrypted(running.engine(), vault, key, sealed)).isEqualTo("old text");
      assertThat(running.engine().admin().keys().block(ADMIN, key.toString()).blocked()).isTrue();
    }
    JsonNode after = audit(restored, "--checkpoint", before.path("head").asString());
    assertThat(after.path("events").asLong()).isGreaterThan(before.path("events").asLong());
    assertThat(after.path("firstSequence")).isEqualTo(before.path("firstSequence"));
  }

  private Path dump() {
    return folder.resolve("metadata.jsonl");
  }

  private Path initialised(String name) {
    Path home = folder.resolve(name);
    String port = Integer.toString(Ports.free());
    String admin = Integer.toString(Ports.free());
    ekm("init", home.toString(), "--port", port, "--admin-port", admin).good();
    return home;
  }

  private static void shareDatabase(Path home, String url) throws IOException {
    Path config = home.resolve("ekm.yaml");
    String text = Files.readString(config);
    assertThat(text).contains(OWN_STORE);
    Files.writeString(
        config,
        text.replace(
            OWN_STORE,
            "  type: postgresql\n  node-name: old\n  url: %s\n  user: postgres\n".formatted(url)));
  }

  /** Keys are made, blocked and used without end meanwhile. */
  private JsonNode exportedUnderLoad(EkmEngine engine, VaultId vault, KeyId key, Path home)
      throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger rounds = new AtomicInteger();
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(
            () -> {
              while (!stop.get()) {
                String fresh = addKey(engine, "more-" + rounds.incrementAndGet()).toString();
                engine.admin().keys().block(ADMIN, fresh);
                EncryptResult unused = encrypt(engine, vault, key);
              }
            });
    try {
      Awaitility.await().until(() -> rounds.get() > 5 || load.isDone());
      JsonNode exported = store("export", home, "--file", dump().toString());
      int soFar = rounds.get();
      Awaitility.await().until(() -> rounds.get() > soFar || load.isDone());
      assertThat(exported.path("revision").asLong()).isLessThan(engine.revision());
      return exported;
    } finally {
      stop.set(true);
      load.get(60, TimeUnit.SECONDS);
    }
  }

  private static JsonNode store(String what, Path home, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("store", what, "--config", home.resolve("ekm.yaml").toString(), "-o", "json"));
    arguments.addAll(List.of(more));
    return JsonMapper.shared().readTree(ekm(arguments.toArray(String[]::new)).good().out());
  }

  /** Returns what the check of the audit says, which must be whole. */
  private static JsonNode audit(Path home, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("audit", "verify", home.resolve("audit").toString(), "-o", "json"));
    arguments.addAll(List.of(more));
    return JsonMapper.shared().readTree(ekm(arguments.toArray(String[]::new)).good().out());
  }

  private static void copy(Path from, Path to, String... names) throws IOException {
    for (String name : names) {
      Path source = from.resolve(name);
      try (var files = Files.walk(source)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path target = to.resolve(from.relativize(file).toString());
          Files.createDirectories(target.getParent());
          Files.copy(
              file,
              target,
              StandardCopyOption.REPLACE_EXISTING,
              StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private static VaultRecord addVault(EkmEngine engine) {
    engine
        .admin()
        .issuers()
        .create(
            ADMIN,
            new NewIssuer(
                "domain",
                List.of(),
                List.of("https://127.0.0.1:1/keys"),
                Set.of("https://d/"),
                Optional.empty()));
    engine.admin().tenancies().create(ADMIN, "acme", "ocid1.tenancy.oc1..aaaaexample");
    return engine
        .admin()
        .vaults()
        .create(
            ADMIN,
            new NewVault(
                "payments",
                "acme",
                new NewVault.Access("domain", "oci-client", Set.of(), Set.of()),
                new VaultRecord.Endpoint("10.0.0.5", 443, "/ekm/v1"),
                "main",
                Optional.empty(),
                true,
                NewVault.Options.none()));
  }

  private static KeyId addKey(EkmEngine engine, String name) {
    return engine
        .admin()
        .keys()
        .create(ADMIN, new NewKeyCommand("payments", name, 32, Optional.empty()))
        .key()
        .id();
  }

  private static EncryptResult encrypt(EkmEngine engine, VaultId vault, KeyId key) {
    try (SecretBytes text = SecretBytes.copyOf("old text".getBytes(StandardCharsets.US_ASCII))) {
      return engine
          .service()
          .encrypt(context(), new EncryptRequest(vault, key, Optional.empty(), text, AAD));
    }
  }

  private static String decrypted(
      EkmEngine engine, VaultId vault, KeyId key, EncryptResult sealed) {
    try (SecretBytes text =
        engine
            .service()
            .decrypt(
                context(),
                new DecryptRequest(
                    vault,
                    key,
                    Optional.empty(),
                    new DecryptRequest.Sealed(sealed.iv(), sealed.ciphertext(), sealed.tag()),
                    AAD))
            .plaintext()) {
      return new String(text.toByteArray(), StandardCharsets.US_ASCII);
    }
  }

  private static CallContext context() {
    VerifiedClient client =
        new VerifiedClient(
            "oci-client",
            Optional.empty(),
            Set.of("https://10.0.0.5"),
            Set.of("oci_ekms"),
            Instant.now().plus(Duration.ofHours(1)));
    return new CallContext(
        new RequestId("call"),
        client,
        Optional.empty(),
        Deadline.after(Duration.ofSeconds(20), NanoClock.system()));
  }
}
