// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Whether every part of the running server can work. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Asks the running server whether each of its parts can work; fails if one can't.",
    footer = {"", "Example:", "  ekm status --config ekm.yaml"})
final class StatusCommand implements Callable<Integer> {

  @Mixin @Nullable AdminConnection server;

  @Override
  public Integer call() {
    AdminConnection connection = java.util.Objects.requireNonNull(server);
    JsonNode answer = connection.call("GET", "/status", null);
    connection.print(answer);
    return answer.path("healthy").asBoolean(false) ? 0 : 1;
  }
}
