// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.server.EkmServer;
import org.openekm.testkit.fake.Ports;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Administrators and approvals as an operator types them, against a server from ekm init. */
@Timeout(300)
class AdminCommandsTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;
  private EkmServer server;
  private Path config;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private record Run(int exit, String out, String err) {}

  private static Run ekm(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return new Run(line.execute(arguments), out.toString(), err.toString());
  }

  private void init() {
    Path home = folder.resolve("ekm");
    good(
        ekm(
            "init",
            home.toString(),
            "--port",
            Integer.toString(Ports.free()),
            "--admin-port",
            Integer.toString(Ports.free())));
    config = home.resolve("ekm.yaml");
  }

  private void serve() {
    server = ServeCommand.assemble(config);
    server.start();
    good(root("issuer", "add", "domain", "--discovery-url", "https://127.0.0.1:1/"));
    good(root("tenancy", "add", "acme", "--ocid", "ocid1.tenancy.oc1..aaaaexample"));
    for (String vault : List.of("payments", "other")) {
      good(
          root(
              "vault",
              "add",
              vault,
              "--tenancy",
              "acme",
              "--issuer",
              "domain",
              "--client-id",
              "c",
              "--host",
              "127.0.0.1"));
    }
    good(root("key", "create", "k", "--vault", "payments"));
  }

  private static Run good(Run run) {
    assertThat(run.exit()).as(run.err() + run.out()).isZero();
    return run;
  }

  private Run root(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--config");
    all.add(config.toString());
    return ekm(all.toArray(String[]::new));
  }

  private Run as(Path credential, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--credential-file");
    all.add(credential.toString());
    return root(all.toArray(String[]::new));
  }

  private JsonNode json(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--output=json");
    return JSON.readTree(good(root(all.toArray(String[]::new))).out());
  }

  @Test
  void admin_addGrantRotateRemove_changesWhatTheyMayDo() throws Exception {
    init();
    serve();
    Path kim = folder.resolve("kim.credential");
    Run added =
        good(root("admin", "add", "kim", "--grant", "block@payments", "--out", kim.toString()));
    assertThat(added.out()).contains("kim").doesNotContain(Files.readString(kim).strip());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kim)))
        .isEqualTo("rw-------");

    good(as(kim, "key", "block", "payments/k"));
    Run refused = as(kim, "vault", "list");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("view").contains("kim");

    good(root("admin", "grant", "kim", "view@other"));
    assertThat(good(as(kim, "vault", "list")).out()).contains("other").doesNotContain("payments");
    good(root("admin", "revoke", "kim", "view@other"));
    assertThat(as(kim, "vault", "list").exit()).isEqualTo(1);

    Path fresh = folder.resolve("kim.new");
    good(root("admin", "rotate", "kim", "--overlap", "0s", "--out", fresh.toString()));
    assertThat(as(kim, "key", "block", "payments/k").err()).contains("credential");
    good(as(fresh, "key", "unblock", "payments/k"));
    assertThat(json("admin", "show", "kim").path("credentials")).hasSize(1);
    assertThat(good(root("admin", "list")).out()).contains("kim").contains("block@");

    good(root("admin", "remove", "kim"));
    assertThat(as(fresh, "key", "block", "payments/k").exit()).isEqualTo(1);
    assertThat(json("admin", "list").path("items")).isEmpty();
  }

  @Test
  void admin_outFileThatIsThere_isNotOverwritten() throws Exception {
    init();
    serve();
    Path file = Files.writeString(folder.resolve("mine"), "mine");
    assertThat(root("admin", "add", "kim", "--out", file.toString()).exit()).isEqualTo(1);
    assertThat(file).hasContent("mine");
  }

  @Test
  void approvals_twoOfThree_fromKeyToUnblock() throws Exception {
    init();
    for (String name : List.of("ann", "bob", "eve")) {
      good(ekm("approve", "keygen", "--out", folder.resolve(name + ".pem").toString()));
    }
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ann.pem"))))
        .isEqualTo("rw-------");
    String yaml = Files.readString(config);
    String approvals =
        "admin:\n  approvals:\n    server: ekm-test\n    required: 2\n    approvers:\n"
            + "      - ${here}/../ann.pem.pub\n      - ${here}/../bob.pem.pub\n      - ${here}/../eve.pem.pub\n";
    Files.writeString(
        config,
        yaml.replaceFirst("(?m)^admin:\n", java.util.regex.Matcher.quoteReplacement(approvals)));
    serve();
    good(root("key", "block", "payments/k"));
    Run refused = root("key", "unblock", "payments/k");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("approve request");

    Path request = folder.resolve("req.json");
    good(
        root(
            "approve",
            "request",
            "--action",
            "unblock",
            "--key",
            "payments/k",
            "--out",
            request.toString()));
    Path ann = signed(request, "ann");
    Path bob = signed(request, "bob");
    assertThat(root("key", "unblock", "payments/k", "--approval", ann.toString()).exit())
        .isEqualTo(1);
    good(
        root(
            "key",
            "unblock",
            "payments/k",
            "--approval",
            ann.toString(),
            "--approval",
            bob.toString()));
    good(root("key", "block", "payments/k"));
    assertThat(
            root(
                    "key",
                    "unblock",
                    "payments/k",
                    "--approval",
                    ann.toString(),
                    "--approval",
                    bob.toString())
                .err())
        .contains("used already");
  }

  private Path signed(Path request, String name) {
    Path signature = folder.resolve(name + ".sig");
    Run run =
        good(
            ekm(
                "approve",
                "sign",
                request.toString(),
                "--key",
                folder.resolve(name + ".pem").toString(),
                "--out",
                signature.toString()));
    assertThat(run.out()).contains("unblock").contains("ekm-test");
    return signature;
  }

  @Test
  void approve_sign_whatIsNoRequest_isRefused() throws Exception {
    Path key = folder.resolve("ann.pem");
    good(ekm("approve", "keygen", "--out", key.toString()));
    Path odd = Files.writeString(folder.resolve("odd"), "{\"request\":\"pay me\"}");
    Run run =
        ekm(
            "approve",
            "sign",
            odd.toString(),
            "--key",
            key.toString(),
            "--out",
            folder.resolve("x").toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(folder.resolve("x")).doesNotExist();
    Path rsa = Files.writeString(folder.resolve("rsa.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n");
    assertThat(ekm("approve", "sign", odd.toString(), "--key", rsa.toString(), "--out", "y").exit())
        .isEqualTo(1);
  }

  @Test
  void approvals_everythingWrongInTheConfiguration_isToldWithItsLine() throws Exception {
    init();
    Path pub = folder.resolve("ann.pem.pub");
    good(ekm("approve", "keygen", "--out", folder.resolve("ann.pem").toString()));
    String yaml = Files.readString(config);
    String approvals =
        "admin:\n  approvals:\n    server: not a name\n    required: 3\n    approvers:\n      - "
            + pub
            + "\n      - "
            + pub
            + "\n    for:\n      - unblok\n";
    Files.writeString(
        config,
        yaml.replaceFirst("(?m)^admin:\n", java.util.regex.Matcher.quoteReplacement(approvals)));
    Run run = ekm("serve", "--config", config.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("admin.approvals.server")
        .contains("admin.approvals.required")
        .contains("is there already")
        .contains("admin.approvals.for")
        .containsPattern("line \\d+|:\\d+");
  }
}
