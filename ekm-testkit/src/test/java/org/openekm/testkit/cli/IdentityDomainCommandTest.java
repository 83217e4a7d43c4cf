// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.testkit.oci.CaBundle;
import org.openekm.testkit.oci.ClientCredentials;
import tools.jackson.databind.json.JsonMapper;

class IdentityDomainCommandTest {

  @TempDir private Path directory;

  @Test
  void process_untilItsInputEnds_isADomainWithTwoApplications() throws Exception {
    Path caFile = directory.resolve("ca.pem");
    Process process = start(caFile);
    try (BufferedReader reader = process.inputReader()) {
      DomainDescription domain =
          JsonMapper.shared().readValue(reader.readLine(), DomainDescription.class);
      HttpClient http = HttpClient.newBuilder().sslContext(CaBundle.read(caFile)).build();

      assertThat(
              new ClientCredentials(
                      http, domain.tokenUrl(), domain.clientApp(), InstantSource.system())
                  .token())
          .matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
      HttpRequest discovery = HttpRequest.newBuilder(domain.discoveryUrl()).build();
      assertThat(http.send(discovery, HttpResponse.BodyHandlers.ofString()).body())
          .contains("https://identity.oraclecloud.com/");

      process.outputWriter().close();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(Path caFile) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "identity-domain",
            "--audience",
            "https://127.0.0.1:8443/",
            "--ca-file",
            caFile.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
