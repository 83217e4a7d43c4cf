// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.testkit.fake.Ports;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;

/** Runs every command of docs/quickstart.md, with a fake identity domain in OCI's place. */
final class QuickstartTest {
  private static final Page PAGE = Page.read("docs/quickstart.md");

  @TempDir Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void commandsOfThePage_doWhatThePageSays() throws Exception {
    assumeTrue(
        PageCommands.present("bash") && PageCommands.present("curl"),
        "bash or curl is not installed");
    int port = Ports.free();
    TestCertificates authority = TestCertificates.create();
    Path domainCa = authority.writeCaPem(folder.resolve("domain-ca.pem"));
    try (FakeIdentityDomain domain =
        FakeIdentityDomain.builder().tls(authority.server()).signingKeysProtected(true).start()) {
      String audience = "https://127.0.0.1:" + port + "/";
      OAuthApp resource = domain.addResourceApp("Resource_App", audience);
      OAuthApp client = domain.addClientApp("Client_App", resource);
      String domainUrl = domain.url().toString().replaceAll("/$", "");
      List<String> values =
          List.of(
              "EKM_HOST=127.0.0.1",
              "EKM_PORT=" + port,
              "EKM_ADMIN_PORT=" + Ports.free(),
              "DOMAIN_URL=" + domainUrl,
              "RESOURCE_APP_ID=" + resource.clientId(),
              "RESOURCE_APP_SECRET=" + resource.clientSecret(),
              "CLIENT_APP_ID=" + client.clientId(),
              "CLIENT_APP_SECRET=" + client.clientSecret(),
              "TENANCY_OCID=ocid1.tenancy.oc1..aaaaexample",
              "CURL_CA_BUNDLE=" + domainCa);

      new PageCommands(PAGE, folder).run(values, trustInDomain(domainCa), 4);
    }
  }

  /** A real identity domain has a certificate that Java trusts; the fake one has not. */
  private static String trustInDomain(Path domainCa) {
    return "printf 'tokens:\\n  keys:\\n    trusted-certificates: %s\\n' "
        + PageCommands.quoted(domainCa.toString())
        + " >> my-ekm/ekm.yaml\n";
  }
}
