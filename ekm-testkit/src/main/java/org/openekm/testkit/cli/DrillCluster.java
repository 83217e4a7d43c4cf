// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.openekm.testkit.drill.DrilledNode;
import org.openekm.testkit.fake.TcpProxy;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import org.openekm.testkit.oci.OciCaller;
import org.openekm.testkit.postgres.PostgresServer;

/**
 * Servers of our own as processes of their own, for a drill: several over one PostgreSQL, each by a
 * line that can be cut, with one keystore; or a single one over SQLite. Used by one thread.
 */
final class DrillCluster implements AutoCloseable {

  private static final String OWN_STORE = "store:\n  type: sqlite\n  path: ${here}/data/ekm.db\n";
  private static final String OWN_KEYSTORE = "keystore: ${here}/data/keys.ekm";

  private final Path folder;
  private final Path serverJar;
  private final Consumer<String> progress;
  private final List<DemoStage> stages = new ArrayList<>();
  private final List<Optional<TcpProxy>> lines = new ArrayList<>();
  private final List<AdminClient> admins = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private Optional<PostgresServer> database = Optional.empty();
  private String databaseName = "";
  private List<DrilledNode> nodes = List.of();

  private DrillCluster(Path folder, Path serverJar, Consumer<String> progress) {
    this.folder = folder;
    this.serverJar = serverJar;
    this.progress = progress;
  }

  /** Starts everything and makes a vault with so many keys. */
  static DrillCluster start(
      Path folder, Path serverJar, int nodes, int keys, Consumer<String> progress) {
    DrillCluster cluster = new DrillCluster(folder, serverJar, progress);
    boolean started = false;
    try {
      cluster.startAll(nodes, keys);
      started = true;
      return cluster;
    } finally {
      if (!started) {
        cluster.close();
      }
    }
  }

  List<DrilledNode> nodes() {
    return nodes;
  }

  /** Returns the external key ids. */
  List<String> keys() {
    return keys;
  }

  /** Returns the database that the nodes share; absent for a single node. */
  Optional<PostgresServer> database() {
    return database;
  }

  /**
   * Adds keys to the vault that nobody uses, straight into the shared database, and starts one node
   * anew.
   *
   * @return how long that took, from the process to ready
   */
  Duration crowd(int unused) {
    PostgresServer server = database.orElseThrow();
    String version = "CAST(CAST(md5('version' || i) AS UUID) AS TEXT)";
    String key = "CAST(CAST(md5('key' || i) AS UUID) AS TEXT)";
    String rest = "(SELECT value FROM revision) FROM generate_series(1, " + unused + ") AS i";
    server.execute(
        databaseName,
        "UPDATE revision SET value = value + 1",
        "INSERT INTO key_version (id, key_id, number, backend, ref, state, created_at, revision) SELECT "
            + version
            + ", "
            + key
            + ", 1, 'main', 'unused-' || i, 'DISABLED', '2026-01-01T00:00:00Z', "
            + rest,
        "INSERT INTO external_key (id, vault_id, name, length_bytes, state, blocked, current_version,"
            + " created_at, revision) SELECT "
            + key
            + ", (SELECT id FROM vault), 'unused-' || i, 32, 'DISABLED', 0, "
            + version
            + ", '2026-01-01T00:00:00Z', "
            + rest,
        // What the database does within a minute of so many rows by itself.
        "ANALYZE");
    progress.accept("starting node-1 anew with " + unused + " more keys");
    stages.get(0).stopServer();
    long began = System.nanoTime();
    admins.set(0, stages.get(0).startServer());
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** Returns the CPU time that all nodes have used so far. */
  Duration cpu() {
    return stages.stream().map(DemoStage::serverCpu).reduce(Duration.ZERO, Duration::plus);
  }

  private void startAll(int count, int keyCount) {
    TestCertificates authority = TestCertificates.create();
    FakeIdentityDomain domain =
        FakeIdentityDomain.builder()
            .tls(authority.ecdsaServer())
            .signingKeysProtected(true)
            .start();
    closing.push(domain::close);
    databaseName = count > 1 ? startDatabase() : "";
    for (int i = 0; i < count; i++) {
      prepare(authority, i);
    }
    DemoStage first = stages.get(0);
    OAuthApp resource = domain.addResourceApp("Resource_App", first.endpointUrl());
    OAuthApp client = domain.addClientApp("Client_App", resource);
    String secret = "";
    for (DemoStage stage : stages) {
      secret = stage.secretReference("resource-app", resource.clientSecret());
      progress.accept("starting node-" + (admins.size() + 1));
      admins.add(stage.startServer());
    }
    URI vault = setUp(domain, resource, client, secret, keyCount);
    nodes = drilled(domain, client, vault);
  }

  private String startDatabase() {
    progress.accept("starting PostgreSQL");
    PostgresServer server = PostgresServer.start(made(folder.resolve("postgres")));
    closing.push(server::close);
    database = Optional.of(server);
    return server.newDatabase();
  }

  private void prepare(TestCertificates authority, int index) {
    Path own = made(folder.resolve("node-" + (index + 1)));
    DemoStage stage = new DemoStage(own, serverJar, DemoBackend.SOFTWARE);
    closing.push(stage::close);
    stage.initServer();
    authority.writeCaPem(stage.domainCaBundle());
    stage.adaptConfig();
    // A hundred thousand keys take about a hundred megabytes, for a moment twice that.
    stage.serverOptions("-Xmx512m");
    Optional<TcpProxy> line = database.map(server -> TcpProxy.to(server.port()));
    line.ifPresent(proxy -> closing.push(proxy::close));
    if (line.isPresent()) {
      share(stage, index, PostgresServer.url(databaseName, line.get().port()));
    }
    stages.add(stage);
    lines.add(line);
  }

  /** One store, one keystore under one key-encryption key. */
  private void share(DemoStage stage, int index, String url) {
    String store =
        """
        store:
          type: postgresql
          node-name: node-%d
          url: %s
          user: postgres
        """
            .formatted(index + 1, url);
    String keystore = "keystore: " + folder.resolve("keys.ekm") + "\n    shared: true";
    stage.editConfig(
        written -> replaced(replaced(written, OWN_STORE, store), OWN_KEYSTORE, keystore));
    if (index > 0) {
      try {
        Files.write(stage.secretFile("kek"), Files.readAllBytes(stages.get(0).secretFile("kek")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String replaced(String text, String what, String by) {
    if (!text.contains(what)) {
      throw new DemoFailedException("The configuration has no part to replace: " + what, null);
    }
    return text.replace(what, by);
  }

  private URI setUp(
      FakeIdentityDomain domain, OAuthApp resource, OAuthApp client, String secret, int keyCount) {
    DemoStage first = stages.get(0);
    AdminClient admin = admins.get(0);
    first.manage(
        "issuer",
        "add",
        "domain",
        "--discovery-url",
        domain.discoveryUrl().toString(),
        "--client-id",
        resource.clientId(),
        "--client-secret",
        secret);
    for (int i = 0; i < stages.size(); i++) {
      stages.get(i).awaitReady(admins.get(i));
    }
    done(admin.post("/tenancies", Map.of("name", "acme", "ocid", "ocid1.tenancy.oc1..example")));
    AdminAnswer vault =
        done(
            admin.post(
                "/vaults",
                Map.of(
                    "name",
                    "drill",
                    "tenancy",
                    "acme",
                    "issuer",
                    "domain",
                    "clientId",
                    client.clientId(),
                    "host",
                    "127.0.0.1",
                    "port",
                    first.port())));
    for (int i = 0; i < keyCount; i++) {
      keys.add(
          done(admin.post("/vaults/drill/keys", Map.of("name", "key-" + (i + 1))))
              .text("externalKeyId"));
    }
    return URI.create(vault.text("externalVaultUrl"));
  }

  private List<DrilledNode> drilled(FakeIdentityDomain domain, OAuthApp client, URI vault) {
    String token = domain.token(client).serialize();
    List<DrilledNode> all = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      DemoStage stage = stages.get(i);
      int index = i;
      URI url = URI.create(stage.endpointUrl()).resolve(vault.getPath());
      all.add(
          new DrilledNode(
              "node-" + (i + 1),
              () ->
                  OciCaller.builder(url, () -> token).caBundle(stage.caBundle()).retries(0).build(),
              path -> status(admins.get(index), path),
              lines.get(i)));
    }
    return List.copyOf(all);
  }

  private static int status(AdminClient admin, String path) {
    try {
      return admin.post(path, Map.of()).status();
    } catch (DemoFailedException e) {
      // No answer: the operator of the drill takes nothing for granted and asks another node.
      return 0;
    }
  }

  private static AdminAnswer done(AdminAnswer answer) {
    if (!answer.isSuccess()) {
      throw new DemoFailedException(
          "The nodes could not be set up: " + answer.status() + " " + answer.body(), null);
    }
    return answer;
  }

  private static Path made(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }
}
