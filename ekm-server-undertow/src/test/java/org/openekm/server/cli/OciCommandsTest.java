// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.server.EkmServer;
import org.openekm.testkit.fake.Ports;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.fake.TestCertificates;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command asks a real server and writes what it says. */
class OciCommandsTest {

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private EkmServer server;
  private Path home;
  private Path folder;

  @BeforeEach
  void start() {
    home = directory.resolve("ekm");
    folder = directory.resolve("oci");
    ok("init", home.toString(), "--port", "" + Ports.free(), "--admin-port", "" + Ports.free());
    server = ServeCommand.assemble(home.resolve("ekm.yaml"));
    server.start();
    manage(
        "issuer",
        "add",
        "my-domain",
        "--discovery-url=https://127.0.0.1:1/.well-known/openid-configuration");
    manage("tenancy", "add", "acme", "--ocid=ocid1.tenancy.oc1..aaaaexample");
    manage(
        "vault",
        "add",
        "payments",
        "--tenancy=acme",
        "--issuer=my-domain",
        "--client-id=openekm_payments");
    manage("key", "create", "bucket-key", "--vault=payments");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void folder_hasVaultKeysAndTheAuthorityOfTheServer() throws Exception {
    JsonNode key = json("key", "show", "payments/bucket-key");

    JsonNode report = json("oci", "terraform", "--vault=payments", "--out=" + folder);

    assertThat(report.path("keys").asInt()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("openekm.tf")))
        .contains("ocid1.tenancy.oc1..aaaaexample", key.path("externalKeyId").asString())
        .contains("known_domain_url   = \"https://127.0.0.1:1\"")
        .contains("resource_app_id    = null");
    assertThat(Files.readString(folder.resolve("ca-bundle.pem")))
        .isEqualToNormalizingNewlines(Files.readString(home.resolve("tls/ca.pem")));
    assertThat(Files.readString(folder.resolve("README.md"))).contains("vault payments");
    report
        .path("files")
        .forEach(name -> assertThat(folder.resolve(name.asString())).isRegularFile());
  }

  @Test
  void secondTime_takesNewKeysOver_andLeavesOtherFilesAlone() throws Exception {
    manage("oci", "terraform", "--vault=payments", "--out=" + folder);
    Files.writeString(folder.resolve("terraform.tfvars"), "region = \"x\"\n");
    manage("key", "create", "volume-key", "--vault=payments");

    manage("oci", "terraform", "--vault=payments", "--out=" + folder);

    assertThat(Files.readString(folder.resolve("openekm.tf"))).contains("bucket-key", "volume-key");
    assertThat(folder.resolve("terraform.tfvars")).hasContent("region = \"x\"");
  }

  @Test
  void foldersOfOthers_areLeftAlone() throws Exception {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("main.tf"), "mine\n");

    assertThat(run("oci", "terraform", "--vault=payments", "--out=" + folder)).isEqualTo(1);

    assertThat(err.toString()).contains("--out");
    try (var content = Files.list(folder)) {
      assertThat(content).hasSize(1);
    }
  }

  @Test
  void unknownVault_writesNothing() {
    assertThat(run("oci", "terraform", "--vault=nobody", "--out=" + folder)).isEqualTo(1);

    assertThat(folder).doesNotExist();
  }

  @Test
  void chainWithoutARoot_asksForTheBundle_andTakesOne() throws Exception {
    TestCertificates ca = TestCertificates.create();
    TestCertificate whole = ca.server();
    new TestCertificate(whole.keys(), whole.chain().subList(0, 1)).writePem(directory);
    Files.writeString(
        home.resolve("tls/server.pem"), Files.readString(directory.resolve("server.crt")));
    Files.writeString(
        home.resolve("tls/server.key"), Files.readString(directory.resolve("server.key")));

    assertThat(run("oci", "terraform", "--vault=payments", "--out=" + folder)).isEqualTo(1);
    assertThat(err.toString()).contains("--ca-bundle");

    Path bundle = directory.resolve("bundle.pem");
    Files.writeString(bundle, "# company root\n" + ca.caPem());
    manage("oci", "terraform", "--vault=payments", "--out=" + folder, "--ca-bundle=" + bundle);
    assertThat(Files.readString(folder.resolve("ca-bundle.pem")))
        .isEqualToNormalizingNewlines(ca.caPem());
  }

  @Test
  void bundleThatIsNone_isRefused() throws Exception {
    Path bundle = Files.writeString(directory.resolve("bundle.pem"), "no certificate\n");

    assertThat(
            run("oci", "terraform", "--vault=payments", "--out=" + folder, "--ca-bundle=" + bundle))
        .isEqualTo(1);

    assertThat(err.toString()).contains("bundle.pem");
    assertThat(folder).doesNotExist();
  }

  private JsonNode json(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--output=json");
    manage(all.toArray(String[]::new));
    return JsonMapper.shared().readTree(out.toString());
  }

  private void manage(String... arguments) {
    assertThat(run(arguments)).as(err.toString()).isZero();
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--config=" + home.resolve("ekm.yaml"));
    return execute(all.toArray(String[]::new));
  }

  private void ok(String... arguments) {
    assertThat(execute(arguments)).as(err.toString()).isZero();
  }

  private int execute(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
