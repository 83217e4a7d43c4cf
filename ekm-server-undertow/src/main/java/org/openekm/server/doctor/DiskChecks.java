// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openekm.server.EkmServerConfig;

/** Tries the disks that the audit and the store are written to. */
final class DiskChecks {

  private static final long MEGABYTE = 1 << 20;
  private static final long LEAST = 128 * MEGABYTE;
  private static final long LITTLE = 1024 * MEGABYTE;
  private static final int PROBE_BYTES = 4096;
  private static final int PROBES = 5;

  private final EkmServerConfig config;
  private final List<Finding> findings = new ArrayList<>();

  DiskChecks(EkmServerConfig config) {
    this.config = config;
  }

  List<Finding> findings() {
    if (config.audit().component().type().equals("file")) {
      path(config.audit().component())
          .ifPresent(path -> look("audit disk", path, config.audit().log().maxWait()));
    }
    if (config.store().component().type().equals("sqlite")) {
      path(config.store().component())
          .ifPresent(path -> look("store disk", path, Duration.ofSeconds(1)));
    }
    return findings;
  }

  private static Optional<Path> path(EkmServerConfig.Component component) {
    return Optional.ofNullable(component.settings().get("path")).map(Path::of);
  }

  private void look(String check, Path file, Duration limit) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    if (!Files.isDirectory(folder)) {
      findings.add(
          Finding.failed(
              check, folder + " is not a folder", "make it, for the server's user alone"));
      return;
    }
    try {
      owner(check, folder);
      if (Files.exists(file) && !Files.isWritable(file)) {
        findings.add(
            Finding.failed(
                check,
                file + " can't be written",
                "give it to the server's user: chown and chmod 600"));
        return;
      }
      long usual = probe(folder);
      FileStore disk = Files.getFileStore(folder);
      findings.add(space(check, folder, disk.getUsableSpace(), disk.getTotalSpace()));
      findings.add(speed(check, Duration.ofNanos(usual), limit));
    } catch (IOException e) {
      findings.add(
          Finding.failed(
              check,
              folder + " can't be written: " + e.getMessage(),
              "free space, or give the folder to the server's user"));
    }
  }

  /** What this user may do says nothing if the server runs as another one. */
  private void owner(String check, Path folder) throws IOException {
    String owner = Files.getOwner(folder).getName();
    String me = System.getProperty("user.name", "");
    if (!owner.equals(me)) {
      findings.add(
          Finding.warning(
              check + " owner",
              folder + " belongs to " + owner + ", and this command runs as " + me,
              "run it as the server's user"));
    }
  }

  static Finding space(String check, Path folder, long usable, long total) {
    String message = usable / MEGABYTE + " MB free for " + folder;
    if (usable < LEAST) {
      return Finding.failed(
          check + " space", message, "free space now: without a record nothing is answered");
    }
    if (usable < LITTLE || usable < total / 10) {
      return Finding.warning(
          check + " space", message, "free space, or move full audit files elsewhere");
    }
    return Finding.ok(check + " space", message);
  }

  private static Finding speed(String check, Duration usual, Duration limit) {
    String message = "a write reaches the disk in " + usual.toMillis() + " ms";
    return usual.compareTo(limit) < 0
        ? Finding.ok(check + " speed", message)
        : Finding.warning(
            check + " speed",
            message + ", more than the " + limit.toMillis() + " ms that a call waits",
            "use a faster disk, or give audit.max-wait more time");
  }

  /** Writes as the audit does, down to the disk; returns the median time in nanoseconds. */
  private static long probe(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, ".ekm-doctor-", ".tmp");
    List<Long> times = new ArrayList<>();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
      for (int i = 0; i < PROBES; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(PROBE_BYTES));
        channel.force(true);
        times.add(System.nanoTime() - start);
      }
    } finally {
      Files.deleteIfExists(file);
    }
    times.sort(null);
    return times.get(PROBES / 2);
  }
}
