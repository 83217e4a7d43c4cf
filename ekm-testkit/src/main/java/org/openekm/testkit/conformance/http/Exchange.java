// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request and its answer, to be shown: secrets are taken out, long texts cut.
 *
 * @param request the request, or the bytes that stood for one
 * @param answer the answer, or how the connection ended
 * @param millis how long the answer took
 */
public record Exchange(String request, String answer, long millis) {

  private static final int MAX_SHOWN = 2_000;
  private static final Pattern TOKEN =
      Pattern.compile("(?i)(Authorization: *(?:Bearer|Basic)? *)[^\\r\\n]+");
  private static final Pattern URL_TOKEN = Pattern.compile("(access_token=)[^& \\r\\n]+");
  private static final Pattern PLAINTEXT =
      Pattern.compile("(\"(?:plaintext|plainText|data|randomBytes)\"\\s*:\\s*\")[^\"]*");

  /** Records an exchange that has an answer. */
  public static Exchange of(byte[] request, RawAnswer answer) {
    StringBuilder shown = new StringBuilder("HTTP/1.1 ").append(answer.status()).append('\n');
    answer.headers().forEach(line -> shown.append(line).append('\n'));
    shown.append('\n').append(answer.text());
    return new Exchange(redacted(request), redact(shown.toString()), answer.millis());
  }

  /** Records an exchange that ended without an answer. */
  public static Exchange withoutAnswer(byte[] request, Optional<String> reason) {
    return new Exchange(redacted(request), reason.orElse("(no answer)"), 0);
  }

  private static String redacted(byte[] request) {
    return redact(new String(request, StandardCharsets.ISO_8859_1));
  }

  private static String redact(String text) {
    String clean = TOKEN.matcher(text).replaceAll("$1[redacted]");
    clean = URL_TOKEN.matcher(clean).replaceAll("$1[redacted]");
    clean = PLAINTEXT.matcher(clean).replaceAll("$1[redacted]").replace("\r\n", "\n");
    return clean.length() <= MAX_SHOWN
        ? clean
        : clean.substring(0, MAX_SHOWN) + "\n(" + (clean.length() - MAX_SHOWN) + " more)";
  }
}
