// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.hsm.kmip.testserver.PyKmip;
import org.openekm.hsm.kmip.testserver.TestClient;
import org.openekm.spi.CommandProvider;
import org.openekm.testkit.kmip.FakeKmipServer;
import org.openekm.testkit.kmip.KmipAuthority;
import org.openekm.testkit.kmip.KmipServerOptions;
import org.openekm.testkit.kmip.KmipServerOptions.Habit;
import picocli.CommandLine;

/** The commands for key managers, as the command line finds them. */
class KmipCommandsTest {

  @TempDir Path folder;

  private final KmipAuthority authority = new KmipAuthority();
  private final TestClient client = new TestClient(authority, "ekm");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void probe_ofTheKitsServer_saysWhatItCanDo() {
    try (FakeKmipServer server = FakeKmipServer.start(authority, KmipServerOptions.right())) {
      assertThat(probe("localhost", server.port())).isZero();

      assertThat(out.toString())
          .contains("Vendor      OpenEKM test kit", "Profile     generic", "Spoken      2.1")
          .contains("  yes  encrypt", "  yes  rng retrieve")
          .contains("not run; add --make-key")
          .contains("    type: kmip", "    port: " + server.port());
      assertThat(server.keysIn(1) + server.keysIn(2)).isZero();
    }
  }

  @Test
  void probe_withANewKey_triesItAndLeavesNothing() {
    try (FakeKmipServer server = FakeKmipServer.start(authority, KmipServerOptions.right())) {
      assertThat(probe("localhost", server.port(), "--make-key", "--output", "json")).isZero();

      assertThat(out.toString().lines()).hasSize(1);
      assertThat(out.toString())
          .contains("\"spoken\":\"2.1\"", "\"encrypt\":true", "\"works\":true");
      assertThat(server.keysIn(1) + server.keysIn(2)).isZero();
      assertThat(server.keysIn(5)).isOne();
    }
  }

  @Test
  void probe_ofABadServer_failsAndPrintsNoConfiguration() {
    KmipServerOptions bad = KmipServerOptions.right().withHabits(Habit.IGNORES_AAD);
    try (FakeKmipServer server = FakeKmipServer.start(authority, bad)) {
      assertThat(probe("localhost", server.port(), "--make-key")).isEqualTo(1);

      assertThat(out.toString())
          .contains("FAILED: ", "wrong additional data succeeded")
          .doesNotContain("type: kmip");
    }
  }

  @Test
  void probe_ofNoServer_saysWhy() {
    assertThat(probe("localhost", 1)).isEqualTo(1);

    assertThat(err.toString()).contains("can't connect to localhost:1");
  }

  @Test
  void probe_ofPyKmip_findsItsProfileAndPrintsABlockThatWorks() {
    assumeTrue(PyKmip.missing().isEmpty(), () -> PyKmip.missing().orElse(""));
    try (PyKmip server = PyKmip.start(authority, folder)) {
      assertThat(probe("127.0.0.1", server.port(), "--make-key")).isZero();

      assertThat(out.toString())
          .contains("Profile     pykmip (PyKMIP server; tested)", "Spoken      2.0")
          .contains("  no   rng retrieve", "Self-test   passed")
          .contains("    profile: pykmip");
    }
  }

  private int probe(String host, int port, String... more) {
    List<String> all =
        new ArrayList<>(List.of("probe", "--host", host, "--port", Integer.toString(port)));
    all.addAll(List.of("--ca", client.settings().get("tls.trusted-certificates")));
    all.addAll(List.of("--certificate", client.settings().get("tls.certificate")));
    all.addAll(List.of("--private-key", client.settings().get("tls.private-key")));
    all.addAll(List.of(more));
    Object command =
        ServiceLoader.load(CommandProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.name().equals("kmip"))
            .findFirst()
            .orElseThrow()
            .command();
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
