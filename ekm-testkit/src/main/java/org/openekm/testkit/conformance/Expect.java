// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.openekm.testkit.conformance.http.ConnectionEnded;
import org.openekm.testkit.conformance.http.RawAnswer;

/** What probes expect; each method throws a {@link Finding} if it is not so. */
public final class Expect {

  private static final List<String> INTERNALS =
      List.of(
          "exception",
          "stack",
          "traceback",
          "\tat ",
          ".java:",
          ".go:",
          ".py\"",
          "sqlstate",
          "/usr/",
          "/home/",
          "/opt/");

  private Expect() {}

  /** Expects a status. */
  public static RawAnswer status(int expected, RawAnswer answer) {
    if (answer.status() != expected) {
      throw new Finding("expected status " + expected + ", got " + answer.status());
    }
    return answer;
  }

  /** Expects one of several statuses. */
  public static RawAnswer statusIn(List<Integer> expected, RawAnswer answer) {
    if (!expected.contains(answer.status())) {
      throw new Finding("expected one of the statuses " + expected + ", got " + answer.status());
    }
    return answer;
  }

  /** Expects a refusal with this status and the contract's body. */
  public static RawAnswer refusal(int expected, RawAnswer answer) {
    status(expected, answer);
    JsonAnswer body = JsonAnswer.of(answer);
    if (!body.get("code").isString()) {
      throw new Finding("the error body must have code as a string");
    }
    that(
        body.text("code").equals(Integer.toString(expected)),
        "the error body says code " + body.text("code") + ", the status is " + expected);
    body.text("message");
    noInternals(answer);
    return answer;
  }

  /** Expects any refusal: a status from 400 to 499. */
  public static RawAnswer anyRefusal(RawAnswer answer) {
    that(
        answer.status() >= 400 && answer.status() < 500,
        "expected a refusal (400 to 499), got " + answer.status());
    noInternals(answer);
    return answer;
  }

  /** Expects that an answer tells nothing of the server's inside. */
  public static void noInternals(RawAnswer answer) {
    String text = answer.text().toLowerCase(Locale.ROOT);
    for (String internal : INTERNALS) {
      that(
          !text.contains(internal), "the answer tells of the server's inside: " + internal.strip());
    }
  }

  /** Expects a message that contains a text. */
  public static void message(String expected, RawAnswer answer) {
    String message = JsonAnswer.of(answer).text("message");
    that(
        message.contains(expected),
        "the message should contain \"" + expected + "\", it is \"" + message + "\"");
  }

  /** Expects that two byte arrays are equal. */
  public static void same(byte[] expected, byte[] actual, String what) {
    that(Arrays.equals(expected, actual), what);
  }

  /** Expects something to be so. */
  public static void that(boolean so, String otherwise) {
    if (!so) {
      throw new Finding(otherwise);
    }
  }

  /** A request that may be refused by an answer or by closing the connection. */
  @FunctionalInterface
  public interface Attempt {

    /** Sends it. */
    RawAnswer send() throws IOException;
  }

  /** Expects that the server answers 400 to 499 or 501, or closes the connection. */
  public static void refusedOrClosed(Attempt attempt) throws IOException {
    RawAnswer answer;
    try {
      answer = attempt.send();
    } catch (ConnectionEnded e) {
      that(!e.silent(), "the server neither answers nor closes the connection");
      return;
    } catch (java.net.SocketException | javax.net.ssl.SSLException e) {
      // A reset, or an end without a farewell: refused all the same.
      return;
    }
    if (answer.status() != 501) {
      anyRefusal(answer);
    }
  }
}
