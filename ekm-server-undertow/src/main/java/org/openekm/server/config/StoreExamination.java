// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openekm.server.EkmServerConfig;
import org.openekm.spi.CheckResult;
import org.openekm.spi.ComponentLoader;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.StoreException;

/**
 * Reads the metadata store of a configuration without a server. Of an SQLite file it reads a copy,
 * so that neither a running server is in the way nor a newer version changes the tables; a store of
 * another type is opened as the server would.
 */
public final class StoreExamination {

  private static final String SQLITE = "sqlite";

  private final StoreAccess access;

  /** Makes an examination that finds providers with this loader. */
  public StoreExamination(ComponentLoader loader) {
    this.access = new StoreAccess(loader);
  }

  /**
   * What was found.
   *
   * @param check whether the store can be read
   * @param content what stands in it, if it can
   */
  public record Result(CheckResult check, Optional<MetadataSnapshot> content) {}

  /**
   * Reads the store.
   *
   * @throws ConfigException with everything that is wrong in the settings, each with its line
   */
  public Result examine(LoadedConfig loaded) {
    EkmServerConfig.Component component = loaded.config().store().component();
    if (!component.type().equals(SQLITE)) {
      return opened(loaded, component);
    }
    Path file = Path.of(component.settings().getOrDefault("path", ""));
    if (!Files.isRegularFile(file)) {
      return new Result(
          CheckResult.ok(file + " is not there yet; the server makes it at its first start"),
          Optional.empty());
    }
    try {
      return copied(loaded, component, file);
    } catch (IOException e) {
      return failed(file + " can't be copied to look into it: " + e.getMessage());
    }
  }

  private Result copied(LoadedConfig loaded, EkmServerConfig.Component component, Path file)
      throws IOException {
    Path folder = Files.createTempDirectory("ekm-doctor-");
    try {
      Path copy = folder.resolve("copy.db");
      Files.copy(file, copy);
      Path log = file.resolveSibling(file.getFileName() + "-wal");
      if (Files.exists(log)) {
        Files.copy(log, folder.resolve("copy.db-wal"));
      }
      Map<String, String> settings = new HashMap<>(component.settings());
      settings.put("path", copy.toString());
      return opened(loaded, new EkmServerConfig.Component(SQLITE, settings));
    } finally {
      delete(folder);
    }
  }

  private Result opened(LoadedConfig loaded, EkmServerConfig.Component component) {
    return access.with(loaded, component, StoreExamination::read);
  }

  private static Result read(MetadataStore store) {
    try {
      CheckResult check = store.check();
      MetadataSnapshot content = store.load();
      return new Result(
          check.healthy() ? CheckResult.ok(summary(content)) : check, Optional.of(content));
    } catch (StoreException e) {
      return failed(String.valueOf(e.getMessage()));
    }
  }

  private static String summary(MetadataSnapshot content) {
    return "readable at revision "
        + content.revision()
        + ": "
        + content.vaults().size()
        + " vaults, "
        + content.keys().size()
        + " keys";
  }

  private static Result failed(String message) {
    return new Result(CheckResult.failed(message), Optional.empty());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> content = Files.walk(folder)) {
      List<Path> files = content.sorted(Comparator.reverseOrder()).toList();
      for (Path file : files) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
