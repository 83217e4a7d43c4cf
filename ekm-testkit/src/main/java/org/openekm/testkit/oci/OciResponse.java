// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What OCI saw of one call, retries included.
 *
 * @param status the HTTP status; 0 if there was no answer
 * @param body the body; it may hold plaintext, so print {@link #redactedBody()} instead
 * @param headers the first value of each header, by lower-case name
 * @param elapsed from the first attempt's start to the last one's end
 * @param attempts how often it was sent
 * @param requestId the {@code opc-request-id} that was sent
 * @param failure why there was no answer; absent if there was one
 */
public record OciResponse(
    int status,
    String body,
    Map<String, String> headers,
    Duration elapsed,
    int attempts,
    String requestId,
    Optional<String> failure) {

  private static final Pattern SECRET_MEMBER =
      Pattern.compile("(?i)\"(plaintext|randomBytes|data|access_token)\"\\s*:\\s*\"[^\"]*\"");

  /** Copies the headers. */
  public OciResponse {
    headers = Map.copyOf(headers);
  }

  /** Returns true for status 200. */
  public boolean isSuccess() {
    return status == 200;
  }

  /** Returns the first value of a header. */
  public Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  /** Returns the body, or the failure if there is none, with plaintext and tokens blotted out. */
  public String redactedBody() {
    String text = failure.orElse(body);
    return SECRET_MEMBER.matcher(text).replaceAll("\"$1\":\"[redacted]\"");
  }

  /** Shows no secrets. */
  @Override
  public String toString() {
    return "OciResponse[status="
        + status
        + ", body="
        + redactedBody()
        + ", elapsed="
        + elapsed.toMillis()
        + " ms, attempts="
        + attempts
        + ", requestId="
        + requestId
        + "]";
  }
}
