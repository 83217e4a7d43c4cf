// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.openekm.spi.audit.AuditEvent;

/** Writes events and file headers as lines of JSON in a fixed order of fields. Not thread-safe. */
final class AuditLineWriter {

  /** How the first line of every file begins; the number is the version of the format. */
  static final String HEADER_START = "{\"openekm-audit\":1,\"file\":";

  static final String EVENT_START = "{\"seq\":";
  static final String HEADER_SEQUENCE = ",\"seq\":";

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);
  private static final int NANOS_PER_MICRO = 1000;

  private long cachedSecond = Long.MIN_VALUE;
  private String cachedText = "";

  /** Writes the first line of a file, all but its seal. */
  void header(LineBuffer out, long file, long firstSequence, Instant time) {
    out.plain(HEADER_START).number(file).plain(HEADER_SEQUENCE).number(firstSequence);
    time(out, time);
  }

  /** Writes an event, all but its seal. */
  void event(LineBuffer out, long sequence, AuditEvent event) {
    out.plain(EVENT_START).number(sequence);
    time(out, event.time());
    out.plain(",\"action\":").quoted(event.action());
    out.plain(",\"outcome\":").quoted(event.outcome());
    out.plain(",\"actor\":").quoted(event.actor());
    if (event.requestId().isPresent()) {
      out.plain(",\"request\":").quoted(event.requestId().get().value());
    }
    if (event.vault().isPresent()) {
      out.plain(",\"vault\":").quoted(event.vault().get().value());
    }
    if (event.key().isPresent()) {
      out.plain(",\"key\":").quoted(event.key().get().value());
    }
    if (event.version().isPresent()) {
      out.plain(",\"version\":").quoted(event.version().get().value());
    }
    details(out, event.details());
  }

  private static void details(LineBuffer out, Map<String, String> details) {
    if (details.isEmpty()) {
      return;
    }
    String separator = ",\"details\":{";
    for (Map.Entry<String, String> detail : details.entrySet()) {
      out.plain(separator).quoted(detail.getKey()).plain(":").quoted(detail.getValue());
      separator = ",";
    }
    out.plain("}");
  }

  private void time(LineBuffer out, Instant time) {
    long second = time.getEpochSecond();
    if (second != cachedSecond) {
      cachedText = SECONDS.format(time);
      cachedSecond = second;
    }
    out.plain(",\"time\":\"")
        .plain(cachedText)
        .digits(time.getNano() / NANOS_PER_MICRO, 6)
        .plain("Z\"");
  }
}
