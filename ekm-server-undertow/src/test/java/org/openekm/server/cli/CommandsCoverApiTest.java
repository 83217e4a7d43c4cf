// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Whatever the management API can do, there is a command for; found out by the commands' calls. */
class CommandsCoverApiTest {

  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");

  /** Read by shells and programs, not by operators: curl gets it. */
  private static final Set<String> WITHOUT_COMMAND =
      Set.of("GET /openapi.yaml", "GET /health/live", "GET /health/ready", "GET /metrics");

  /** What a command does in another way than its example shows. */
  private static final List<String> MORE =
      List.of(
          "ekm approve request --action destroy --key payments/bucket-key --out req.json",
          "ekm approve request --action unblock --vault payments --out req.json");

  @TempDir Path folder;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private HttpServer recorder;
  private Path credential;

  @BeforeEach
  void start() throws Exception {
    credential = Files.writeString(folder.resolve("credential"), "x".repeat(40));
    Files.writeString(folder.resolve("policy.json"), "{}");
    Files.writeString(folder.resolve("raw-key"), "0123456789abcdef0123456789abcdef");
    recorder = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] answer = "{\"items\":[],\"healthy\":true}".getBytes(StandardCharsets.UTF_8);
    recorder.createContext(
        "/",
        exchange -> {
          calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    recorder.start();
  }

  @AfterEach
  void stop() {
    recorder.stop(0);
  }

  @Test
  void everyOperation_hasACommand() throws Exception {
    List<String> all = examples(Main.commandLine(), "ekm");
    all.addAll(MORE);
    for (String example : all) {
      Terminal.ekm(arguments(example)).good();
      if (example.contains("payments/bucket-key")) {
        String byId =
            example.replace("payments/bucket-key", "00000000-0000-4000-8000-000000000000");
        Terminal.ekm(arguments(byId)).good();
      }
    }
    Set<String> missing = new TreeSet<>();
    for (String operation : operations()) {
      String pattern = operation.replaceAll("\\{[a-z]+}", "[^/]+");
      if (calls.stream().noneMatch(call -> call.matches(pattern))) {
        missing.add(operation);
      }
    }
    missing.removeAll(WITHOUT_COMMAND);
    assertThat(missing)
        .as(
            "operations that no command's example calls: add a command, and its example to Examples")
        .isEmpty();
  }

  private static List<String> examples(CommandLine group, String name) {
    List<String> examples = new ArrayList<>();
    for (CommandLine command : group.getSubcommands().values()) {
      String full = name + " " + command.getCommandName();
      if (command.getMixins().values().stream().anyMatch(AdminConnection.class::isInstance)
          && !full.matches("ekm (apply|export|oci terraform)")) {
        examples.add(
            Arrays.stream(command.getCommandSpec().usageMessage().footer())
                .map(String::strip)
                .filter(line -> line.startsWith(full))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no example of " + full)));
      }
      examples.addAll(examples(command, full));
    }
    return examples;
  }

  private String[] arguments(String example) {
    List<String> words = new ArrayList<>();
    for (String word : example.substring("ekm ".length()).split(" ", -1)) {
      if (word.equals("--config") || word.equals("ekm.yaml")) {
        continue;
      }
      if (!words.isEmpty() && words.get(words.size() - 1).equals("--out")) {
        words.add(folder.resolve(UUID.randomUUID().toString()).toString());
        continue;
      }
      words.add(word.startsWith("./") ? folder.resolve(word.substring(2)).toString() : word);
    }
    words.addAll(
        List.of(
            "--url",
            "http://127.0.0.1:" + recorder.getAddress().getPort(),
            "--credential-file",
            credential.toString()));
    return words.toArray(String[]::new);
  }

  private static Set<String> operations() throws Exception {
    JsonNode document =
        YAMLMapper.builder().build().readTree(Files.readString(Path.of("../docs/openapi.yaml")));
    Set<String> operations = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().propertyNames().stream()
                    .filter(METHODS::contains)
                    .forEach(
                        method ->
                            operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    return operations;
  }
}
