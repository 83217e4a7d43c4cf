// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** A fake identity domain as a process of its own. Runs until its standard input ends. */
@Command(
    name = "identity-domain",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = {
      "Runs a fake identity domain with protected signing keys until standard input ends.",
      "Prints one line of JSON that tells where it is and the two applications in it."
    })
final class IdentityDomainCommand implements Callable<Integer> {

  @Option(
      names = "--audience",
      required = true,
      paramLabel = "URL",
      description = "The primary audience of the resource application.")
  private String audience = "";

  @Option(
      names = "--ca-file",
      required = true,
      paramLabel = "FILE",
      description =
          "Where to write the certificate of the authority that the domain's TLS hangs on.")
  private Path caFile = Path.of("");

  @Override
  public Integer call() throws IOException {
    TestCertificates authority = TestCertificates.create();
    authority.writeCaPem(caFile);
    try (FakeIdentityDomain domain =
        FakeIdentityDomain.builder()
            .tls(authority.ecdsaServer())
            .signingKeysProtected(true)
            .start()) {
      OAuthApp resourceApp = domain.addResourceApp("Resource_App", audience);
      OAuthApp clientApp = domain.addClientApp("Client_App", resourceApp);
      System.out.println(
          JsonMapper.shared()
              .writeValueAsString(
                  new DomainDescription(
                      domain.discoveryUrl(), domain.tokenUrl(), resourceApp, clientApp)));
      System.out.flush();
      awaitEndOfInput();
    }
    return 0;
  }

  private static void awaitEndOfInput() throws IOException {
    byte[] buffer = new byte[64];
    int read = 0;
    while (read >= 0) {
      read = System.in.read(buffer);
    }
  }
}
