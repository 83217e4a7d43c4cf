// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openekm.core.internal.io.DurableFiles;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.Settings;
import org.openekm.spi.audit.AuditSink;
import org.openekm.spi.audit.AuditSinkProvider;

/**
 * Makes {@link FileAuditSink}s under the name {@code file}.
 *
 * <p>Settings: {@code path} (the file, in a directory that exists) and {@code max-file-size} (when
 * to begin the next file, such as {@code 512KB}, {@code 64MB} or {@code 1GB}; 64MB unless set, at
 * least 1KB). Stateless and thread-safe.
 */
public final class FileAuditSinkProvider implements AuditSinkProvider {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,7})(KB|MB|GB)");
  private static final long DEFAULT_FILE_BYTES = 64L << 20;

  /** Makes the provider; called by {@link java.util.ServiceLoader}. */
  public FileAuditSinkProvider() {}

  @Override
  public String name() {
    return "file";
  }

  /**
   * Opens the log.
   *
   * @throws org.openekm.spi.InvalidConfigurationException with everything that is wrong in the
   *     settings
   * @throws org.openekm.spi.audit.AuditSinkException if the log is in use, damaged or can't be
   *     written to
   */
  @Override
  public AuditSink create(ComponentContext context) {
    Settings settings = context.settings();
    String path =
        settings.requiredText(
            "path", "name the file to write the audit to, such as /var/lib/ekm/audit.log");
    long maxFileBytes =
        settings.text("max-file-size").map(text -> size(settings, text)).orElse(DEFAULT_FILE_BYTES);
    if (!path.isEmpty() && !Files.isDirectory(DurableFiles.directoryOf(Path.of(path)))) {
      settings.problem(
          "path",
          "is in a directory that does not exist",
          "create the directory or correct the path");
    }
    settings.finish();
    return FileAuditSink.open(Path.of(path), maxFileBytes, context.clock());
  }

  private static long size(Settings settings, String text) {
    Matcher matcher = SIZE.matcher(text.trim().toUpperCase(Locale.ROOT));
    if (matcher.matches() && Long.parseLong(matcher.group(1)) > 0) {
      int shift =
          switch (matcher.group(2)) {
            case "KB" -> 10;
            case "MB" -> 20;
            default -> 30;
          };
      return Long.parseLong(matcher.group(1)) << shift;
    }
    settings.problem(
        "max-file-size",
        "must be a size such as 512KB, 64MB or 1GB",
        "correct the value or remove it to use 64MB");
    return DEFAULT_FILE_BYTES;
  }
}
