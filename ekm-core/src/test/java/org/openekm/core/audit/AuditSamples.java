// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.RequestId;
import org.openekm.api.VaultId;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.testkit.fake.ManualClock;

/** Events and logs for the tests of this package. */
final class AuditSamples {

  static final VaultId VAULT = new VaultId(UUID.fromString("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"));

  private AuditSamples() {}

  static AuditEvent event(int number) {
    return AuditEvent.builder(
            Instant.parse("2026-05-12T12:00:00.000123Z").plusSeconds(number), "encrypt")
        .actor("client-a")
        .requestId(new RequestId("req-" + number))
        .vault(VAULT)
        .key(new KeyId(new UUID(0xF00000000000000FL, number)))
        .version(new KeyVersionId(new UUID(-1L, number)))
        .detail("clause", "vault:allow-oci")
        .build();
  }

  static FileAuditSink open(Path path, long maxFileBytes) {
    return FileAuditSink.open(path, maxFileBytes, new ManualClock());
  }

  /**
   * Writes the events {@code from} to {@code to}, one batch each, and closes the log; returns the
   * last receipt.
   */
  static AuditReceipt write(Path path, long maxFileBytes, int from, int to) {
    try (FileAuditSink sink = open(path, maxFileBytes)) {
      AuditReceipt last = new AuditReceipt(0, "");
      for (int i = from; i <= to; i++) {
        last = sink.append(List.of(event(i)));
      }
      return last;
    }
  }

  /** Returns the lines with their line feeds. */
  static List<String> lines(Path path) throws IOException {
    return new ArrayList<>(Arrays.asList(Files.readString(path, UTF_8).split("(?<=\n)")));
  }

  static void writeLines(Path path, List<String> lines) throws IOException {
    Files.writeString(path, String.join("", lines), UTF_8);
  }

  static AuditReport verify(Path... paths) throws IOException {
    return AuditVerifier.verify(List.of(paths));
  }
}
