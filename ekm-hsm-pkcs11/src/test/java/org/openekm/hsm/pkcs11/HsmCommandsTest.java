// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.internal.token.TokenProbe;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.hsm.pkcs11.testtoken.SoftHsm;
import org.openekm.hsm.pkcs11.testtoken.TestToken;
import org.openekm.spi.CommandProvider;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import picocli.CommandLine;

/** The commands for tokens, on SoftHSM, as the command line finds them. */
class HsmCommandsTest {

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private TestToken token;
  private Path pin;

  @BeforeEach
  void makeToken() throws Exception {
    assumeTrue(SoftHsm.missing().isEmpty(), () -> SoftHsm.missing().orElse(""));
    token = SoftHsm.create();
    pin = Files.writeString(directory.resolve("pin"), token.pin() + "\n");
  }

  @AfterEach
  void deleteToken() {
    if (token != null) {
      SoftHsm.delete(token);
    }
  }

  @Test
  void probe_withoutPin_listsTokensAndSaysHowToGoOn() {
    assertThat(run("probe", "--module", SoftHsm.MODULE.toString())).isZero();

    assertThat(out.toString())
        .contains("Profile   softhsm (SoftHSM 2; tested)", "Token     " + label(), "AES-GCM   yes")
        .contains("add --token LABEL --pin-file FILE");
  }

  @Test
  void probe_withPin_triesEveryModeAndPrintsABlockThatWorks() {
    assertThat(onToken("probe")).isZero();

    assertThat(out.toString())
        .contains("works  caller")
        .contains("fails  in-param: ", "fails  appended: ", "fails  prepended: ")
        .contains("    iv-mode: caller", "    pin: ${file:" + pin + "}", "label: '" + label() + "'")
        .doesNotContain(token.pin() + "\n");
    assertThat(onToken("list")).isZero();
    assertThat(out.toString()).as("the probe's key is gone").endsWith("none\n");
  }

  @Test
  void keygen_makesAKeyThatListShowsAndABackendUses() {
    assertThat(onToken("keygen", "--label", "bucket-key")).isZero();
    String id = out.toString().strip();
    assertThat(id).matches("[0-9a-f]{32}");

    assertThat(onToken("list")).isZero();
    assertThat(out.toString()).contains(id + "  256 bits  usable  'bucket-key'");
    try (KeyBackend backend = Backends.open(token);
        SecretBytes plaintext = SecretBytes.copyOf(new byte[32])) {
      assertThat(
              backend
                  .encrypt(new BackendKeyRef(id), plaintext, Bytes.empty(), TokenProbe.soon())
                  .tag()
                  .length())
          .isEqualTo(16);
    }
  }

  @Test
  void json_isOneLineOfIt() {
    assertThat(onToken("probe", "--output", "json")).isZero();

    assertThat(out.toString().lines()).hasSize(1);
    assertThat(out.toString())
        .startsWith("{\"description\":")
        .contains("{\"label\":\"" + label() + "\"", "\"trials\":[");
  }

  @Test
  void wrongModule_failsWithTheNextStep() {
    assertThat(run("probe", "--module", directory.resolve("none.so").toString())).isEqualTo(1);

    assertThat(err.toString()).contains("none.so is not there");
  }

  private String label() {
    return token.settings().get("token.label");
  }

  private int onToken(String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--module", SoftHsm.MODULE.toString()));
    all.addAll(List.of("--token", label(), "--pin-file", pin.toString()));
    all.addAll(List.of("--profile", "softhsm"));
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  private int run(String... arguments) {
    Object command =
        ServiceLoader.load(CommandProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.name().equals("hsm"))
            .findFirst()
            .orElseThrow()
            .command();
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
