// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.checks;

import static org.openekm.testkit.conformance.checks.WireChecks.NO_AAD;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.http.RawAnswer;
import org.openekm.testkit.conformance.http.RawConnection;

/** Callers that send and send, and never read what they are answered. */
final class SlowReaders {

  private static final int CALLERS = 8;

  /** With 4 KiB of plaintext each, more than the buffers on both sides of a connection hold. */
  private static final int REQUESTS = 2_000;

  private static final int PLAINTEXT = 4_096;
  private static final int LOOKS = 5;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private SlowReaders() {}

  static void holdUpNobody(Bench bench) throws IOException {
    byte[] request = bench.encryption(bench.key(), new byte[PLAINTEXT], NO_AAD).bytes();
    List<RawConnection> callers = new ArrayList<>();
    List<Thread> senders = new ArrayList<>();
    try {
      for (int i = 0; i < CALLERS; i++) {
        RawConnection caller = bench.connect();
        callers.add(caller);
        Thread sender = new Thread(() -> send(caller, request), "slow reader " + i);
        sender.setDaemon(true);
        sender.start();
        senders.add(sender);
      }
      awaitFull(senders);
      for (int look = 0; look < LOOKS; look++) {
        ordinaryCaller(bench);
      }
    } finally {
      for (RawConnection caller : callers) {
        caller.abort();
      }
    }
  }

  /** Sends until the connection takes no more, or the server has had enough. */
  private static void send(RawConnection caller, byte[] request) {
    try {
      for (int i = 0; i < REQUESTS; i++) {
        caller.write(request);
      }
    } catch (IOException e) {
      // Closed by the server, which is one good answer, or by us at the end.
      return;
    }
  }

  /** A second is enough for a server that is as quick as OCI wants it to be. */
  private static void awaitFull(List<Thread> senders) {
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    try {
      for (Thread sender : senders) {
        sender.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void ordinaryCaller(Bench bench) throws IOException {
    try (RawConnection connection = bench.connect()) {
      connection.readLimit(LIMIT);
      RawAnswer answer =
          bench.exchange(connection, bench.encryption(bench.key(), new byte[16], NO_AAD).bytes());
      Expect.status(200, answer);
    }
  }
}
