// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.openekm.spi.CheckResult;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.audit.AuditSink;
import org.openekm.spi.audit.AuditSinkException;

/** A right audit sink in memory, with a hash chain; wrong in as many ways as it is told to be. */
final class ChainedSink implements AuditSink {

  /** A way to be wrong. */
  enum Flaw {
    LOSES_LAST_OF_A_BATCH,
    REVERSES_A_BATCH,
    COUNTS_BATCHES,
    CONSTANT_HASH,
    HASH_IS_NO_HEX,
    LEAVES_OUT_DETAILS,
    BREAKS_LINES,
    FORGETS_ON_REOPEN,
    WORKS_AFTER_CLOSE,
    CHECK_APPENDS,
    CLOSE_TWICE_THROWS
  }

  /** What outlives a sink: lines of text. */
  static final class Disk {
    private final StringBuilder text = new StringBuilder();
    private long sequence;
    private String hash = "00";

    List<String> lines() {
      return text.isEmpty() ? List.of() : text.toString().lines().toList();
    }
  }

  private final Disk disk;
  private final Set<Flaw> flaws;
  private volatile boolean closed;

  ChainedSink(Disk disk, Set<Flaw> flaws) {
    this.disk = disk;
    this.flaws = flaws.isEmpty() ? EnumSet.noneOf(Flaw.class) : EnumSet.copyOf(flaws);
    if (has(Flaw.FORGETS_ON_REOPEN)) {
      disk.sequence = 0;
    }
  }

  @Override
  public AuditReceipt append(List<AuditEvent> batch) {
    if (closed && !has(Flaw.WORKS_AFTER_CLOSE)) {
      throw new AuditSinkException("closed", null);
    }
    List<AuditEvent> kept = new ArrayList<>(batch);
    if (has(Flaw.REVERSES_A_BATCH)) {
      Collections.reverse(kept);
    }
    if (has(Flaw.LOSES_LAST_OF_A_BATCH) && kept.size() > 1) {
      kept.remove(kept.size() - 1);
    }
    kept.forEach(this::write);
    disk.sequence += has(Flaw.COUNTS_BATCHES) ? 1 : batch.size();
    return new AuditReceipt(disk.sequence, shownHash());
  }

  @Override
  public CheckResult check() {
    if (has(Flaw.CHECK_APPENDS)) {
      disk.sequence++;
    }
    return closed ? CheckResult.failed("closed") : CheckResult.ok("in memory");
  }

  @Override
  public void close() {
    if (closed && has(Flaw.CLOSE_TWICE_THROWS)) {
      throw new IllegalStateException("already closed");
    }
    closed = true;
  }

  private void write(AuditEvent event) {
    String details = has(Flaw.LEAVES_OUT_DETAILS) ? "" : event.details().toString();
    String line =
        String.join(
            "|",
            event.action(),
            event.outcome(),
            event.actor(),
            event.requestId().toString(),
            event.vault().toString(),
            event.key().toString(),
            event.version().toString(),
            details);
    String safe = has(Flaw.BREAKS_LINES) ? line : line.replaceAll("\\p{Cntrl}", "?");
    disk.hash = sha256(disk.hash + safe);
    disk.text.append(safe).append('\n');
  }

  private String shownHash() {
    if (has(Flaw.HASH_IS_NO_HEX)) {
      return "hash " + disk.hash;
    }
    return has(Flaw.CONSTANT_HASH) ? "00".repeat(32) : disk.hash;
  }

  private boolean has(Flaw flaw) {
    return flaws.contains(flaw);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no SHA-256", e);
    }
  }
}
