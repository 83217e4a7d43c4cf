// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Calls the addresses that OCI calls, without a token, and holds the times against OCI's limits. A
 * right endpoint refuses such a call with 401.
 */
final class ReachChecks {

  /** The limits that OCI documents. */
  static final Duration CONNECT_LIMIT = Duration.ofMillis(500);

  static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);

  private static final int LAPS = 3;

  private final Stopwatch stopwatch;
  private final boolean serverRuns;
  private final List<Finding> findings = new ArrayList<>();

  ReachChecks(SSLContext trust, boolean serverRuns) {
    this.stopwatch = new Stopwatch(trust);
    this.serverRuns = serverRuns;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /**
   * Calls a URL.
   *
   * @param own true for the server's own address; another's, such as a gateway's, may be hidden
   *     from this machine
   */
  void call(URI url, boolean own) {
    String check = "reach " + url.getScheme() + "://" + url.getRawAuthority();
    try {
      // The first call of a process loads classes: it says nothing about the network.
      Stopwatch.Lap first = stopwatch.call(url);
      List<Stopwatch.Lap> laps = new ArrayList<>();
      for (int i = 0; i < LAPS; i++) {
        laps.add(stopwatch.call(url));
      }
      answer(check, first.status());
      findings.add(connectTime(check, laps));
      findings.add(answerTime(check, laps));
    } catch (SSLException e) {
      bad(
          check,
          own,
          "TLS fails: " + oneLine(e),
          "OCI will refuse it too: compare the served certificate with the CA bundle and the address; --ca-bundle names another bundle");
    } catch (ConnectException | SocketTimeoutException e) {
      unreachable(check, own);
    } catch (UnknownHostException e) {
      bad(check, own, "no name server knows the host", "correct the name, or use the IP address");
    } catch (IOException e) {
      bad(check, own, "the call breaks off: " + oneLine(e), "look at what stands between");
    }
  }

  private void unreachable(String check, boolean own) {
    if (own && !serverRuns) {
      findings.add(
          Finding.warning(
              check,
              "nothing answers, the server is not running",
              "start it, then run the doctor again to measure"));
      return;
    }
    bad(
        check,
        own,
        "nothing answers",
        "look at firewall, security lists, routing and the port; if only OCI can reach it, try from there");
  }

  private void bad(String check, boolean own, String message, String next) {
    findings.add(
        own ? Finding.failed(check, message, next) : Finding.warning(check, message, next));
  }

  private void answer(String check, int status) {
    if (status == 401) {
      findings.add(Finding.ok(check, "refuses a call without a token, as it must"));
      return;
    }
    String next =
        switch (status) {
          case 404 ->
              "the path is not routed: compare the gateway's path prefix with endpoint.mounts";
          case 0 -> "something else than an HTTP server listens there";
          case 429, 503 -> "the server is overloaded or a part of it can't work: ekm status";
          default ->
              "see that the address is OpenEKM's or leads to it unchanged, without authentication of its own";
        };
    findings.add(
        Finding.failed(check, "answers with status " + status + " where 401 is right", next));
  }

  private static Finding connectTime(String check, List<Stopwatch.Lap> laps) {
    Duration connect = median(laps, Stopwatch.Lap::connect);
    Duration withTls = median(laps, lap -> lap.connect().plus(lap.handshake()));
    String message =
        "connects in "
            + connect.toMillis()
            + " ms, "
            + withTls.toMillis()
            + " ms with TLS; OCI gives up after "
            + CONNECT_LIMIT.toMillis()
            + " ms";
    String next = "shorten the way: a nearer server, a wider line, fewer hops";
    if (connect.compareTo(CONNECT_LIMIT) >= 0) {
      return Finding.failed(check + " connect", message, next);
    }
    return withTls.compareTo(CONNECT_LIMIT) >= 0
        ? Finding.warning(check + " connect", message, next)
        : Finding.ok(check + " connect", message);
  }

  private static Finding answerTime(String check, List<Stopwatch.Lap> laps) {
    Duration answer = median(laps, Stopwatch.Lap::answer);
    String message =
        "answers in "
            + answer.toMillis()
            + " ms; OCI gives up after "
            + ANSWER_LIMIT.toMillis()
            + " ms";
    String next = "look at the server's load, its disk and its backend: ekm load measures";
    if (answer.compareTo(ANSWER_LIMIT) >= 0) {
      return Finding.failed(check + " answer", message, next);
    }
    return answer.compareTo(ANSWER_LIMIT.dividedBy(2)) >= 0
        ? Finding.warning(check + " answer", message, next)
        : Finding.ok(check + " answer", message);
  }

  private static Duration median(List<Stopwatch.Lap> laps, Function<Stopwatch.Lap, Duration> part) {
    return laps.stream().map(part).sorted().toList().get(laps.size() / 2);
  }

  private static String oneLine(IOException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}+", " ");
  }
}
