// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openekm.server.config.ConfigLoader;
import org.openekm.server.config.StoreAccess;
import org.openekm.server.store.StoreDump;
import org.openekm.spi.ComponentLoader;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Takes the metadata out of a store and puts it into another one. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    description = {
      "Takes the metadata out of the store of a configuration, or puts it into an empty one: for backups,",
      "and to move from SQLite to PostgreSQL. A SQLite file can only be opened while no server uses it.",
      "There is no key material in a store: back up keystores and tokens by their own means."
    },
    footer = {
      "",
      "Example:",
      "  ekm store export --config old/ekm.yaml --file metadata.jsonl",
      "  ekm store import --config new/ekm.yaml --file metadata.jsonl",
      "  ekm store digest --config new/ekm.yaml"
    })
final class StoreCommands {

  @Spec @Nullable CommandSpec spec;

  /** What all of them need. */
  static final class Where {

    @Option(
        names = {"-c", "--config"},
        required = true,
        paramLabel = "FILE",
        description = "The configuration that names the store.")
    Path config = Path.of("");

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "text or json. Default: text.")
    AdminConnection.Output output = AdminConnection.Output.text;
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Writes everything in the store at one revision to a new file.",
      footer = {"", "Example:", "  ekm store export --config old/ekm.yaml --file metadata.jsonl"})
  int export(
      @Mixin Where where,
      @Option(
              names = {"-f", "--file"},
              required = true,
              paramLabel = "FILE",
              description = "The file to write; must not be there yet.")
          Path file) {
    return opened(where, store -> written(store, file));
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = {
        "Puts everything from an exported file into an empty store, all at once, and looks whether it is there."
      },
      footer = {"", "Example:", "  ekm store import --config new/ekm.yaml --file metadata.jsonl"})
  int importAll(
      @Mixin Where where,
      @Option(
              names = {"-f", "--file"},
              required = true,
              paramLabel = "FILE",
              description = "The file that export has written.")
          Path file) {
    return opened(where, store -> read(store, file));
  }

  @Command(
      name = "digest",
      mixinStandardHelpOptions = true,
      description = {
        "Prints the digest of all records in the store. It is the same for the same metadata in whatever store."
      },
      footer = {"", "Example:", "  ekm store digest --config new/ekm.yaml"})
  int digest(@Mixin Where where) {
    return opened(where, StoreDump::summary);
  }

  /** Work on an open store. */
  @FunctionalInterface
  private interface Work {
    StoreDump.Summary on(MetadataStore store) throws IOException;
  }

  private int opened(Where where, Work work) {
    ComponentLoader loader = ComponentLoader.ofServiceLoader(StoreCommands.class.getClassLoader());
    try {
      StoreDump.Summary summary =
          new StoreAccess(loader)
              .with(new ConfigLoader().load(where.config), store -> unchecked(work, store));
      print(where.output, summary);
      return 0;
    } catch (UncheckedIOException e) {
      throw new CommandFailedException(
          String.valueOf(requireNonNull(e.getCause()).getMessage()), e);
    } catch (StoreException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static StoreDump.Summary unchecked(Work work, MetadataStore store) {
    try {
      return work.on(store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StoreDump.Summary written(MetadataStore store, Path file) throws IOException {
    try (FileChannel channel = PrivateFiles.newSecret(file);
        Writer out = new BufferedWriter(Channels.newWriter(channel, UTF_8))) {
      StoreDump.Summary summary = StoreDump.write(store, out);
      channel.force(true);
      return summary;
    } catch (FileAlreadyExistsException e) {
      throw new IOException(file + " is there already; name another file", e);
    }
  }

  private static StoreDump.Summary read(MetadataStore store, Path file) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file, UTF_8)) {
      return StoreDump.read(in, store);
    }
  }

  private void print(AdminConnection.Output output, StoreDump.Summary summary) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    if (output == AdminConnection.Output.json) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("revision", summary.revision());
      json.put("records", summary.records());
      json.put("digest", summary.digest());
      out.println(JsonMapper.shared().writeValueAsString(json));
    } else {
      out.println("revision  " + summary.revision());
      out.println("records   " + summary.records());
      out.println("digest    " + summary.digest());
    }
    out.flush();
  }
}
