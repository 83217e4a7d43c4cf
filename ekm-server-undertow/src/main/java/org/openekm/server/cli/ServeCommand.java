// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import io.undertow.server.HttpHandler;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.openekm.api.SecretBytes;
import org.openekm.core.EkmEngine;
import org.openekm.server.EkmServer;
import org.openekm.server.EkmServerConfig;
import org.openekm.server.admin.AdminApi;
import org.openekm.server.admin.AdminCredential;
import org.openekm.server.admin.AdminResources;
import org.openekm.server.config.ConfigLoader;
import org.openekm.server.config.LoadedConfig;
import org.openekm.server.config.ServerAssembly;
import org.openekm.server.http.EndpointConfig;
import org.openekm.spi.ComponentLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the server until the process is told to end. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the server until it is told to stop (SIGTERM or Ctrl-C); running requests may end then.",
      "Every mistake in the configuration is told at once, each with its line."
    },
    footer = {"", "Example:", "  ekm serve --config ./my-ekm/ekm.yaml"})
final class ServeCommand implements Callable<Integer> {

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration.")
  Path config = Path.of("");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "How to say that it is ready: text or json. Default: text.")
  AdminConnection.Output output = AdminConnection.Output.text;

  @Override
  public Integer call() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    EkmServer server = assemble(config);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  stopped.countDown();
                },
                "ekm-shutdown"));
    server.start();
    PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
    out.println(
        output == AdminConnection.Output.json
            ? "{\"ready\":true,\"port\":" + server.port() + "}"
            : "ready on port " + server.port());
    out.flush();
    stopped.await();
    return 0;
  }

  /** Makes the server of a configuration, not yet started. */
  static EkmServer assemble(Path config) {
    LoadedConfig loaded = new ConfigLoader().load(config);
    ServerAssembly assembly =
        new ServerAssembly(
            ComponentLoader.ofServiceLoader(ServeCommand.class.getClassLoader()),
            (engine, credential) -> management(engine, credential, loaded.config()));
    return assembly.assemble(loaded);
  }

  private static HttpHandler management(
      EkmEngine engine, SecretBytes credential, EkmServerConfig config) {
    EndpointConfig endpoint = config.endpoint();
    AdminResources resources =
        AdminResources.of(
            engine.admin(),
            new AdminResources.Defaults(
                engine.backendNames(), endpoint.mounts().get(0), endpoint.url().map(URI::create)),
            engine::revision,
            engine::checks);
    return new AdminApi(
        resources, AdminCredential.of(credential), config.admin().orElseThrow().loginFailures());
  }
}
