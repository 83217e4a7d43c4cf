// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.testkit.fake.Ports;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;

/**
 * Runs every command of docs/quickstart.md in its order, with a fake identity domain in OCI's
 * place.
 *
 * <p>Blocks marked {@code sh} are run as they are; {@code sh values} are replaced by this test's
 * values of the same names; {@code sh background} stays running; {@code sh retry} is tried until it
 * succeeds; {@code text output} is what the block before it must print, with … for anything.
 */
final class QuickstartTest {
  private static final Page PAGE = Page.read("docs/quickstart.md");
  private static final String CUT = "=== block ";

  @TempDir Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void commandsOfThePage_doWhatThePageSays() throws Exception {
    assumeTrue(present("bash") && present("curl"), "bash or curl is not installed");
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
      writeLauncher();

      String output = run(script(values, domainCa));

      compare(output);
    }
  }

  /** A stand-in for the launcher of the same name: the classes just compiled, not an older jar. */
  private void writeLauncher() throws IOException {
    String classPath =
        Optional.ofNullable(System.getProperty("surefire.test.class.path"))
            .orElseGet(() -> System.getProperty("java.class.path"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path launcher =
        Files.writeString(
            folder.resolve("ekm"),
            """
            #!/usr/bin/env bash
            exec '%s' -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \\
              -cp '%s' org.openekm.server.cli.Main "$@"
            """
                .formatted(java, classPath));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
  }

  private static String script(List<String> values, Path domainCa) {
    StringBuilder script = new StringBuilder("set -euo pipefail\nserver=\n");
    script.append("trap '[[ -z \"$server\" ]] || kill \"$server\"' EXIT\n");
    values.forEach(value -> script.append("export ").append(quoted(value)).append('\n'));
    List<Page.Block> blocks = PAGE.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      String block = blocks.get(i).text();
      script.append("echo '").append(CUT).append(i).append("'\n");
      switch (blocks.get(i).info()) {
        case "sh" -> script.append(block);
        case "sh background" ->
            script
                .append(trustInDomain(domainCa))
                .append(block.stripTrailing())
                .append(" >server.log 2>&1 &\nserver=$!\n");
        case "sh retry" -> script.append(retried(block));
        case "sh values" -> assertThat(names(block)).isSubsetOf(names(String.join("\n", values)));
        case "text output" -> {}
        default -> throw new AssertionError("unknown kind of block: " + blocks.get(i).info());
      }
    }
    return script.toString();
  }

  /** A real identity domain has a certificate that Java trusts; the fake one has not. */
  private static String trustInDomain(Path domainCa) {
    return "printf 'tokens:\\n  keys:\\n    trusted-certificates: %s\\n' "
        + quoted(domainCa.toString())
        + " >> my-ekm/ekm.yaml\n";
  }

  private static String retried(String block) {
    List<String> lines = block.lines().toList();
    String last = lines.get(lines.size() - 1);
    return String.join("\n", lines.subList(0, lines.size() - 1))
        + "\ntries=0\nuntil "
        + last
        + "; do\n  kill -0 \"$server\"\n  tries=$((tries + 1))\n  ((tries < 60))\n  sleep 0.5\ndone\n";
  }

  private static List<String> names(String assignments) {
    return assignments
        .lines()
        .map(line -> line.replaceAll("^export ", "").replaceAll("=.*", ""))
        .toList();
  }

  private String run(String script) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("quickstart.sh"), script);
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder("bash", file.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      int status = process.waitFor();
      Path log = folder.resolve("server.log");
      assertThat(status)
          .as(
              "exit code of the commands; they printed\n%s\nand the server\n%s",
              Files.readString(output),
              Files.exists(log) ? Files.readString(log) : "was not started")
          .isZero();
      return Files.readString(output);
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }

  private static void compare(String output) {
    List<String> printed = new ArrayList<>(Arrays.asList(output.split(CUT + "\\d+\\n", -1)));
    printed.remove(0);
    List<Page.Block> blocks = PAGE.blocks();
    int compared = 0;
    for (int i = 1; i < blocks.size(); i++) {
      if (blocks.get(i).info().equals("text output")) {
        assertThat(printed.get(i - 1))
            .as("output of%n%s", blocks.get(i - 1).text())
            .matches(pattern(blocks.get(i).text()));
        compared++;
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(4);
  }

  private static Pattern pattern(String expected) {
    String regex =
        Arrays.stream(expected.split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static boolean present(String program) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
