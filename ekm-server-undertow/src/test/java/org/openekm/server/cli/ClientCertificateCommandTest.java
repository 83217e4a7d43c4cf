// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.server.cli.Terminal.Run;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.fake.TestCertificates;

/** Commands that show a client certificate, over real TLS. */
@Tag("once")
class ClientCertificateCommandTest {

  private static final TestCertificates SERVERS = TestCertificates.create();
  private static final TestCertificates CLIENTS = TestCertificates.create();

  @TempDir Path folder;
  private Optional<Terminal> terminal = Optional.empty();
  private Path authority = Path.of("");
  private String url = "";

  @AfterEach
  void stop() {
    terminal.ifPresent(Terminal::close);
  }

  @Test
  void certificate_isTheAdministratorAndNotRoot_withUrlOrConfig() throws Exception {
    serve(SERVERS.server());
    TestCertificate.PemFiles kim = administrator("kim");

    assertThat(ekm(kim, "vault", "list", "--url", url).good().out()).contains("none");
    for (List<String> where :
        List.of(List.of("--url", url), List.of("--config", config().toString()))) {
      Run refused =
          ekm(
              kim,
              "tenancy",
              "add",
              "acme",
              "--ocid",
              "ocid1.tenancy.oc1..aaaa",
              where.get(0),
              where.get(1));
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("create");
    }
  }

  @Test
  void certificate_ofNobody_isRefused() throws Exception {
    serve(SERVERS.server());
    Run run = ekm(files(CLIENTS.client("kim"), "twin"), "status", "--url", url);
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("credential");
  }

  @Test
  void certificate_besideAWrongCredential_isRefused() throws Exception {
    serve(SERVERS.server());
    TestCertificate.PemFiles kim = administrator("kim");
    Path wrong = Files.writeString(folder.resolve("wrong"), "wrong");
    Run run = ekm(kim, "vault", "list", "--url", url, "--credential-file", wrong.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("credential");
  }

  @Test
  void server_ofAnotherName_isNotTalkedTo() throws Exception {
    serve(SERVERS.wrongName());
    Run run = ekm(files(CLIENTS.client("kim"), "kim"), "status", "--url", url);
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("can't be reached").contains("127.0.0.1").contains("name");
  }

  @Test
  void server_ofAnUnknownAuthority_isNotTalkedTo() throws Exception {
    serve(SERVERS.server());
    authority = CLIENTS.writeCaPem(folder.resolve("other.pem"));
    Run run = ekm(files(CLIENTS.client("kim"), "kim"), "status", "--url", url);
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("can't be reached").contains("certification path");
  }

  @Test
  void files_thatDoNotFitOrAreOpenToAll_areRefusedBeforeAnythingIsSent() throws Exception {
    authority = SERVERS.writeCaPem(folder.resolve("servers.pem"));
    url = "https://127.0.0.1:1";
    TestCertificate.PemFiles kim = files(CLIENTS.client("kim"), "kim");
    TestCertificate.PemFiles eve = files(CLIENTS.client("eve"), "eve");

    Run mixed =
        ekm(
            new TestCertificate.PemFiles(kim.certificate(), eve.privateKey()),
            "status",
            "--url",
            url);
    assertThat(mixed.exit()).isEqualTo(1);
    assertThat(mixed.err()).contains("does not belong to the first certificate");

    Files.setPosixFilePermissions(kim.privateKey(), PosixFilePermissions.fromString("rw-r--r--"));
    Run open = ekm(kim, "status", "--url", url);
    assertThat(open.exit()).isEqualTo(1);
    assertThat(open.err()).contains("may be read or changed by everybody");
  }

  @Test
  void options_thatMakeNoSense_areRefused() throws Exception {
    authority = SERVERS.writeCaPem(folder.resolve("servers.pem"));
    TestCertificate.PemFiles kim = files(CLIENTS.client("kim"), "kim");

    Run plain = ekm(kim, "status", "--url", "http://127.0.0.1:1");
    assertThat(plain.exit()).isEqualTo(2);
    assertThat(plain.err()).contains("--client-cert needs an https address");

    Run half =
        Terminal.ekm(
            "status", "--url", "https://a:1", "--client-cert", kim.certificate().toString());
    assertThat(half.exit()).isEqualTo(2);
    assertThat(half.err()).contains("need each other");
  }

  private Path config() {
    return folder.resolve("ekm/ekm.yaml");
  }

  /** Serves management over TLS and asks clients for certificates. */
  private void serve(TestCertificate shown) throws IOException {
    authority = SERVERS.writeCaPem(folder.resolve("servers.pem"));
    TestCertificate.PemFiles own = files(shown, "server");
    Terminal.init(folder.resolve("ekm"));
    String tls =
        """
        admin:
          tls:
            certificate: %s
            key: %s
            client-authorities: %s
            client-certificates: optional
        """
            .formatted(
                own.certificate(),
                own.privateKey(),
                CLIENTS.writeCaPem(folder.resolve("clients.pem")));
    Files.writeString(config(), Files.readString(config()).replace("admin:\n", tls));
    url = AdminAddress.url(config()).toString();
    terminal = Optional.of(Terminal.serve(config()));
  }

  private TestCertificate.PemFiles administrator(String name) throws IOException {
    TestCertificate.PemFiles files = files(CLIENTS.client(name), name);
    terminal
        .orElseThrow()
        .manage(
            "admin",
            "add",
            name,
            "--grant",
            "view",
            "--certificate",
            files.certificate().toString(),
            "--server-ca",
            authority.toString())
        .good();
    return files;
  }

  private TestCertificate.PemFiles files(TestCertificate certificate, String name)
      throws IOException {
    return certificate.writePem(Files.createDirectory(folder.resolve(name)));
  }

  /** Runs a command with these files and whatever else it is given. */
  private Run ekm(TestCertificate.PemFiles files, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(
        List.of(
            "--client-cert",
            files.certificate().toString(),
            "--client-key",
            files.privateKey().toString(),
            "--server-ca",
            authority.toString()));
    return Terminal.ekm(all.toArray(String[]::new));
  }
}
