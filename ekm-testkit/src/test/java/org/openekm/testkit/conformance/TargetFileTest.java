// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;

class TargetFileTest {

  @TempDir private Path directory;

  @Test
  void open_severalMistakes_reportsAllWithTheirLines() throws IOException {
    Path file = write("# ours\nvault.url https://x/\nkeys = a\nkey = a\nkey = b\n");

    assertThatThrownBy(() -> TargetFile.open(file))
        .isInstanceOf(InvalidTargetException.class)
        .hasMessageContaining(":2: has no \"=\"")
        .hasMessageContaining(":3: unknown name keys")
        .hasMessageContaining(":5: key is given twice");
  }

  @Test
  void open_nothingGiven_namesWhatIsMissing() throws IOException {
    assertThatThrownBy(() -> TargetFile.open(write("key = a\n")))
        .hasMessageContaining("vault.url is missing")
        .hasMessageContaining("vault.ca is missing")
        .hasMessageContaining("token.client-secret is missing");
  }

  @Test
  void open_foreignDomain_givesTokensAndHooks() throws IOException {
    TestCertificates.create().writeCaPem(directory.resolve("ca.pem"));
    Files.writeString(directory.resolve("material"), "00".repeat(32) + "\n");
    try (FakeIdentityDomain domain = FakeIdentityDomain.start()) {
      OAuthApp app = domain.addClientApp("c", domain.addResourceApp("r", "https://10.0.0.5:8443/"));
      Files.writeString(directory.resolve("secret"), app.clientSecret() + "\n");
      Path file =
          write(
              """
              vault.url = https://10.0.0.5:8443/ekm/v1/vaults/v
              vault.ca = ca.pem
              key = k1
              key.known = k2
              key.known.material = ${file:material}
              token.url = %s
              token.client-id = %s
              token.client-secret = ${file:secret}
              hook.block-key = run /bin/false {key}
              hook.unblock-key = POST http://127.0.0.1:1/{key}
              """
                  .formatted(domain.tokenUrl(), app.clientId()));
      try (TargetFile.Opened opened = TargetFile.open(file)) {
        Target target = opened.target();
        assertThat(target.offers()).containsExactlyInAnyOrder(Need.KNOWN_KEY, Need.KEY_BLOCK);
        assertThat(target.tokens().token().split("\\.", -1)).hasSize(3);
        assertThatThrownBy(() -> target.hooks().run(VendorHooks.Action.BLOCK_KEY, "k1"))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("exit code 1");
      }
    }
  }

  @Test
  void open_setup_trustsTheKitsDomainAndTakesItsOutput() throws IOException {
    TestCertificates.create().writeCaPem(directory.resolve("ca.pem"));
    Path script = directory.resolve("setup.sh");
    Files.writeString(
        script,
        """
        test -s "$2" || exit 1
        echo "vault.url = https://127.0.0.1:1/ekm/v1/vaults/v"
        echo "vault.ca = ca.pem"
        echo "key = $1"
        """);
    Path file =
        write(
            "domain.audience = https://127.0.0.1:1/\nsetup = sh setup.sh {client-id} {ca-file}\n");

    try (TargetFile.Opened opened = TargetFile.open(file)) {
      assertThat(opened.target().offers())
          .containsExactlyInAnyOrder(Need.FORGED_TOKENS, Need.KEYS_OUTAGE);
      assertThat(opened.target().keys().main()).hasSize(32);
      assertThat(opened.target().forge().orElseThrow().publicKey()).isNotEmpty();
    }
  }

  @Test
  void open_setupFails_isAnError() throws IOException {
    Path file = write("domain.audience = https://127.0.0.1:1/\nsetup = sh -c false\n");

    assertThatThrownBy(() -> TargetFile.open(file)).hasMessageContaining("setup failed");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("target.properties"), text);
  }
}
