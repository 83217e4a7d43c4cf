// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.testkit.fake.Ports;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;

/** Runs every command of docs/oci-tutorial.md, with a fake identity domain in OCI's place. */
@Tag("once")
final class OciTutorialTest {
  private static final Page PAGE = Page.read("docs/oci-tutorial.md");

  @TempDir Path folder;

  @Test
  void eighteenTasks_standInTheirOrder() {
    List<String> numbers =
        PAGE.text()
            .lines()
            .filter(line -> line.startsWith("## Task "))
            .map(line -> line.replaceAll("## Task (\\d+):.*", "$1"))
            .toList();

    assertThat(numbers)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 18).mapToObj(String::valueOf).toList());
  }

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void commandsOfThePage_doWhatThePageSays() throws Exception {
    assumeTrue(
        PageCommands.present("bash")
            && PageCommands.present("curl")
            && PageCommands.present("openssl"),
        "bash, curl or openssl is not installed");
    int port = Ports.free();
    TestCertificates authority = TestCertificates.create();
    Path domainCa = authority.writeCaPem(folder.resolve("domain-ca.pem"));
    try (FakeIdentityDomain domain =
        FakeIdentityDomain.builder().tls(authority.server()).signingKeysProtected(true).start()) {
      OAuthApp resource = domain.addResourceApp("Resource_App", "https://127.0.0.1:" + port + "/");
      OAuthApp client = domain.addClientApp("Client_App", resource);
      List<String> values =
          List.of(
              "SERVER_HOST=127.0.0.1",
              "SERVER_PORT=" + port,
              "ADMIN_PORT=" + Ports.free(),
              "OCI_HOST=127.0.0.1",
              "OCI_PORT=" + port,
              "DOMAIN_URL=" + domain.url().toString().replaceAll("/$", ""),
              "RESOURCE_APP_ID=" + resource.clientId(),
              "RESOURCE_APP_SECRET=" + resource.clientSecret(),
              "CLIENT_APP_ID=" + client.clientId(),
              "CLIENT_APP_SECRET=" + client.clientSecret(),
              "TENANCY_OCID=ocid1.tenancy.oc1..aaaaexample",
              "CURL_CA_BUNDLE=" + domainCa,
              "LC_ALL=C");

      new PageCommands(PAGE, folder).run(values, beforeServer(domainCa), 11);
    }
  }

  /**
   * A real identity domain has a certificate that Java trusts; the fake one has not. And a machine
   * that runs other tests beside this one may take longer than OCI would wait.
   */
  private static String beforeServer(Path domainCa) {
    return "sed -i -e 's/^endpoint:/endpoint:\\n  deadline: 20s/' -e 's/^audit:/audit:\\n  max-wait: 5s/' my-ekm/ekm.yaml\n"
        + "printf 'tokens:\\n  keys:\\n    trusted-certificates: %s\\n' "
        + PageCommands.quoted(domainCa.toString())
        + " >> my-ekm/ekm.yaml\n";
  }
}
