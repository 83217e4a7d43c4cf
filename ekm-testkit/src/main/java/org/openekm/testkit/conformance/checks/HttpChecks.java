// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.checks;

import static org.openekm.testkit.conformance.Check.info;
import static org.openekm.testkit.conformance.Check.must;
import static org.openekm.testkit.conformance.Check.should;
import static org.openekm.testkit.conformance.checks.WireChecks.NO_AAD;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.Evidence;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.Finding;
import org.openekm.testkit.conformance.http.ConnectionEnded;
import org.openekm.testkit.conformance.http.Exchange;
import org.openekm.testkit.conformance.http.RawAnswer;
import org.openekm.testkit.conformance.http.RawConnection;
import org.openekm.testkit.conformance.http.RawRequest;

/** Messages that two servers could read in two ways, callers that dawdle, and long floods. */
public final class HttpChecks {

  private static final Duration DAWDLE = Duration.ofSeconds(15);
  private static final int FLOOD = 2_000;

  private HttpChecks() {}

  /** Turns a good request into a bad message. */
  @FunctionalInterface
  private interface Spoil {
    String text(String head, String body);
  }

  /** Returns the checks. */
  public static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    smuggling(checks);
    malformed(checks);
    checks.add(
        must("http.slow-header", "A header that does not end is given up within 15 seconds.")
            .by(Evidence.STANDARD, HttpChecks::slowHeader));
    checks.add(
        must("http.slow-body", "A body that does not come is given up within 15 seconds.")
            .by(Evidence.STANDARD, HttpChecks::slowBody));
    checks.add(
        must("http.slow-reader", "Callers that do not read their answers hold up nobody else.")
            .by(Evidence.STANDARD, SlowReaders::holdUpNobody));
    checks.add(
        must("http.early-close", "A caller that leaves in the middle of a request harms nobody.")
            .by(Evidence.STANDARD, HttpChecks::earlyClose));
    checks.add(
        must(
                "http.pipelining",
                "Two requests sent at once get two answers in order, or the connection is closed.")
            .by(Evidence.STANDARD, HttpChecks::pipelining));
    checks.add(
        must(
                "http.keep-alive",
                "A connection serves many requests; OCI has half a second to connect.")
            .by(Evidence.INFERRED, HttpChecks::keepAlive));
    checks.add(
        should("http.expect", "Expect: 100-continue is answered, or the body is taken at once.")
            .by(Evidence.STANDARD, HttpChecks::expectContinue));
    checks.add(
        info("http.server-header", "Answers do not tell the server's version.")
            .by(Evidence.STANDARD, HttpChecks::serverHeader));
    return List.copyOf(checks);
  }

  private static void smuggling(List<Check> checks) {
    lengthsAndCodings(checks);
    chunksAndHeaders(checks);
  }

  private static void lengthsAndCodings(List<Check> checks) {
    bad(
        checks,
        "cl-te",
        "Content-Length together with Transfer-Encoding",
        (head, body) -> head + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG");
    bad(
        checks,
        "te-cl",
        "Transfer-Encoding together with Content-Length",
        (head, body) ->
            head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + chunk(body));
    bad(
        checks,
        "te-te",
        "Two different Transfer-Encodings",
        (head, body) ->
            head
                + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"
                + chunk(body));
    bad(
        checks,
        "te-unknown",
        "A Transfer-Encoding that nobody knows",
        (head, body) -> head + "Transfer-Encoding: xchunked\r\n\r\n" + chunk(body));
    bad(
        checks,
        "cl-cl",
        "Two different Content-Lengths",
        (head, body) ->
            head + "Content-Length: " + body.length() + "\r\nContent-Length: 5\r\n\r\n" + body);
    bad(
        checks,
        "cl-list",
        "A list of different Content-Lengths",
        (head, body) -> head + "Content-Length: " + body.length() + ", 5\r\n\r\n" + body);
    bad(
        checks,
        "cl-plus",
        "A Content-Length with a sign",
        (head, body) -> head + "Content-Length: +" + body.length() + "\r\n\r\n" + body);
  }

  private static void chunksAndHeaders(List<Check> checks) {
    bad(
        checks,
        "cl-negative",
        "A negative Content-Length",
        (head, body) -> head + "Content-Length: -1\r\n\r\n" + body);
    bad(
        checks,
        "cl-hex",
        "A Content-Length in hexadecimal",
        (head, body) ->
            head + "Content-Length: 0x" + Integer.toHexString(body.length()) + "\r\n\r\n" + body);
    bad(
        checks,
        "chunk-size",
        "A chunk size that is no number",
        (head, body) -> head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + body + "\r\n0\r\n\r\n");
    bad(
        checks,
        "chunk-overflow",
        "A chunk size that overflows",
        (head, body) ->
            head
                + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"
                + body
                + "\r\n0\r\n\r\n");
    bad(
        checks,
        "space-before-colon",
        "A space between a header's name and the colon",
        (head, body) -> head + "Content-Length : " + body.length() + "\r\n\r\n" + body);
    checks.add(
        must(
                "http.obs-fold",
                "A header folded over two lines is refused, or the fold counts as a blank.")
            .by(Evidence.STANDARD, HttpChecks::folded));
  }

  private static void malformed(List<Check> checks) {
    hostsAndVersions(checks);
    floods(checks);
  }

  private static void hostsAndVersions(List<Check> checks) {
    bad(
        checks,
        "bare-lf",
        "A header line that ends with a line feed alone",
        (head, body) -> head + "X-Any: one\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    bad(
        checks,
        "no-host",
        "A request without Host",
        (head, body) ->
            head.replaceFirst("Host: [^\r]*\r\n", "")
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
    bad(
        checks,
        "two-hosts",
        "A request with two Hosts",
        (head, body) ->
            head
                + "Host: elsewhere.example\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
    bad(
        checks,
        "nul-in-header",
        "A zero byte in a header",
        (head, body) ->
            head + "X-Zero: a\0b\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    bad(
        checks,
        "version-09",
        "A request of HTTP/0.9",
        (head, body) -> "GET " + head.split(" ", 3)[1] + "\r\n\r\n");
    checks.add(
        info("http.version-9", "A request of an HTTP version that does not exist is refused.")
            .by(
                Evidence.STANDARD,
                bench ->
                    Expect.refusedOrClosed(
                        () -> alone(bench, spoiled(bench, HttpChecks::version9)))));
  }

  private static void floods(List<Check> checks) {
    bad(
        checks,
        "header-flood",
        "A request with 2,000 headers",
        (head, body) -> {
          StringBuilder many = new StringBuilder(head);
          for (int i = 0; i < FLOOD; i++) {
            many.append("X-").append(i).append(": y\r\n");
          }
          return many.append("Content-Length: ")
              .append(body.length())
              .append("\r\n\r\n")
              .append(body)
              .toString();
        });
    bad(
        checks,
        "header-long",
        "A header of one megabyte",
        (head, body) ->
            head
                + "X-Long: "
                + "y".repeat(1_000_000)
                + "\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
    bad(
        checks,
        "path-long",
        "A path of one megabyte",
        (head, body) ->
            head.replaceFirst(" HTTP", "/" + "y".repeat(1_000_000) + " HTTP")
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
    checks.add(
        must(
                "http.smuggled-request",
                "What follows an ambiguous message is never served as a request.")
            .by(Evidence.STANDARD, HttpChecks::smuggledRequest));
  }

  private static String version9(String head, String body) {
    return head.replaceFirst("HTTP/1\\.1", "HTTP/9.9")
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String chunk(String body) {
    return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
  }

  private static void bad(List<Check> checks, String id, String what, Spoil spoil) {
    checks.add(
        must("http." + id, what + " is refused or ends the connection.")
            .by(
                Evidence.STANDARD,
                bench -> Expect.refusedOrClosed(() -> alone(bench, spoiled(bench, spoil)))));
  }

  private static byte[] spoiled(Bench bench, Spoil spoil) {
    RawRequest request = bench.encryption(bench.key(), new byte[16], NO_AAD);
    String all = new String(request.asIs(), StandardCharsets.ISO_8859_1);
    int end = all.indexOf("\r\n\r\n") + 2;
    return spoil
        .text(all.substring(0, end), all.substring(end + 2))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The server may have closed before all was written; its answer may still be there. */
  private static RawAnswer alone(Bench bench, byte[] message) throws IOException {
    try (RawConnection connection = bench.connect()) {
      try {
        connection.write(message);
      } catch (IOException e) {
        bench.record(
            Exchange.withoutAnswer(message, Optional.of("closed while it was being sent")));
      }
      RawAnswer answer = connection.read();
      bench.record(Exchange.of(message, answer));
      return answer;
    }
  }

  private static void smuggledRequest(Bench bench) throws IOException {
    RawRequest hidden = bench.request("GET", "/metadata");
    byte[] message =
        spoiled(
            bench,
            (head, body) ->
                head
                    + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                    + new String(hidden.bytes(), StandardCharsets.ISO_8859_1));
    try (RawConnection connection = bench.connect()) {
      connection.write(message);
      while (true) {
        RawAnswer answer = connection.read();
        bench.record(Exchange.of(message, answer));
        ErrorChecks.notServed(answer);
      }
    } catch (ConnectionEnded e) {
      Expect.that(!e.silent(), "the connection stays open after an ambiguous message");
    } catch (java.net.SocketException | javax.net.ssl.SSLException e) {
      // A reset: nothing was served.
      return;
    }
  }

  /** A fold that was taken for a header of its own would leave the connection out of step. */
  private static void folded(Bench bench) throws IOException {
    byte[] message =
        spoiled(
            bench,
            (head, body) ->
                head
                    + "X-Folded: a\r\n Transfer-Encoding: chunked\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body);
    try (RawConnection connection = bench.connect()) {
      RawAnswer answer = bench.exchange(connection, message);
      if (answer.status() != 200) {
        Expect.anyRefusal(answer);
      } else if (!answer.closes()) {
        Expect.status(200, bench.exchange(connection, bench.request("GET", "/metadata").bytes()));
      }
    } catch (ConnectionEnded e) {
      Expect.that(!e.silent(), "the server waits for chunks that nobody announced");
    }
  }

  private static void slowHeader(Bench bench) throws IOException {
    try (RawConnection connection = bench.connect()) {
      connection.write(
          ("GET " + bench.path("/metadata") + " HTTP/1.1\r\nHost: ")
              .getBytes(StandardCharsets.US_ASCII));
      givenUp(bench, connection);
    }
  }

  private static void slowBody(Bench bench) throws IOException {
    try (RawConnection connection = bench.connect()) {
      byte[] all = bench.encryption(bench.key(), new byte[16], NO_AAD).bytes();
      connection.write(Arrays.copyOf(all, all.length - 5));
      givenUp(bench, connection);
    }
  }

  private static void givenUp(Bench bench, RawConnection connection) throws IOException {
    connection.readLimit(DAWDLE);
    try {
      RawAnswer answer = connection.read();
      bench.record(Exchange.of(new byte[0], answer));
      ErrorChecks.notServed(answer);
    } catch (ConnectionEnded e) {
      Expect.that(
          !e.silent(), "the connection still stood after " + DAWDLE.toSeconds() + " seconds");
    } catch (java.net.SocketException | javax.net.ssl.SSLException e) {
      // A reset: given up.
      return;
    }
  }

  private static void earlyClose(Bench bench) throws IOException {
    byte[] all = bench.encryption(bench.key(), new byte[64], NO_AAD).bytes();
    for (int share = 1; share <= 4; share++) {
      try (RawConnection connection = bench.connect()) {
        connection.write(Arrays.copyOf(all, all.length * share / 4));
      }
    }
  }

  private static void pipelining(Bench bench) throws IOException {
    RawRequest first = bench.request("GET", "/metadata").with("opc-request-id", "first");
    RawRequest second =
        bench
            .request("GET", Bench.keyPath(bench.key(), "metadata"))
            .with("opc-request-id", "second");
    byte[] both = Arrays.copyOf(first.bytes(), first.bytes().length + second.bytes().length);
    System.arraycopy(second.bytes(), 0, both, first.bytes().length, second.bytes().length);
    try (RawConnection connection = bench.connect()) {
      RawAnswer one = bench.exchange(connection, both);
      Expect.status(200, one);
      if (one.closes()) {
        return;
      }
      RawAnswer two = connection.read();
      bench.record(Exchange.of(second.bytes(), two));
      Expect.status(200, two);
      String id = two.header("opc-request-id").orElse("second");
      Expect.that(id.toLowerCase(Locale.ROOT).equals("second"), "the answers came out of order");
    }
  }

  private static void keepAlive(Bench bench) throws IOException {
    try (RawConnection connection = bench.connect()) {
      for (int i = 1; i <= 50; i++) {
        RawAnswer answer =
            bench.exchange(connection, bench.encryption(bench.key(), new byte[16], NO_AAD).bytes());
        Expect.status(200, answer);
        Expect.that(
            i == 50 || !answer.closes(), "the connection was closed after " + i + " requests");
      }
    } catch (ConnectionEnded e) {
      throw (Finding) new Finding("the connection ended between requests").initCause(e);
    }
  }

  private static void expectContinue(Bench bench) throws IOException {
    RawRequest request =
        bench.encryption(bench.key(), new byte[16], NO_AAD).header("Expect", "100-continue");
    byte[] all = request.bytes();
    int head = all.length - request.body().length;
    try (RawConnection connection = bench.connect()) {
      connection.readLimit(Duration.ofSeconds(2));
      RawAnswer interim = bench.exchange(connection, Arrays.copyOf(all, head));
      Expect.status(100, interim);
      Expect.status(200, bench.exchange(connection, request.body()));
    }
  }

  private static void serverHeader(Bench bench) throws IOException {
    RawAnswer answer = bench.send(bench.request("GET", "/metadata"));
    Expect.that(
        !answer.header("Server").orElse("").matches(".*[0-9].*")
            && answer.header("X-Powered-By").isEmpty(),
        "the header Server or X-Powered-By tells the version");
  }
}
