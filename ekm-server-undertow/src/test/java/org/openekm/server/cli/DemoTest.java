// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The kit's demo against this server, all as real processes. */
class DemoTest {

  @TempDir private Path directory;

  @Test
  void demo_thisServer_passesAndLeavesNothingBehind() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Path out = directory.resolve("out.json");
    Process demo = start(temporary, out);
    try {
      assertThat(demo.waitFor(100, TimeUnit.SECONDS)).isTrue();
    } finally {
      demo.descendants().forEach(ProcessHandle::destroyForcibly);
      demo.destroyForcibly();
    }

    JsonNode report = JsonMapper.shared().readTree(Files.readString(out));
    assertThat(report.path("failure").asString("")).isEmpty();
    assertThat(report.path("steps").values())
        .hasSizeGreaterThan(25)
        .allSatisfy(step -> assertThat(step.path("ok").asBoolean()).as(step.toString()).isTrue());
    assertThat(report.path("result").asString()).isEqualTo("PASS");
    assertThat(demo.exitValue()).isZero();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("ekm-demo-"));
    }
  }

  private Process start(Path temporary, Path out) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            "org.openekm.testkit.cli.Main",
            "demo",
            "--output",
            "json",
            "--server-jar",
            serverJar().toString())
        .redirectOutput(out.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Stands in for the runnable jar, which is made only after the tests. */
  private Path serverJar() throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    Path file = directory.resolve("server.jar");
    new JarOutputStream(Files.newOutputStream(file), manifest).close();
    return file;
  }
}
