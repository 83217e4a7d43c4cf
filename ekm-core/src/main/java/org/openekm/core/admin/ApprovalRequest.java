// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openekm.api.KeyId;
import org.openekm.api.VaultId;

/**
 * What approvers are asked to sign. Its text is canonical: the same request always has the same
 * text, and any other text is refused.
 *
 * @param server the name of the server that it is for
 * @param action what shall be done
 * @param vault to which vault
 * @param key to which key; absent for the whole vault
 * @param nonce 32 hexadecimal digits in lower case; a request is good for one use
 * @param expires when it ends; whole seconds
 */
public record ApprovalRequest(
    String server,
    ApprovedAction action,
    VaultId vault,
    Optional<KeyId> key,
    String nonce,
    Instant expires) {

  private static final String TITLE = "OpenEKM approval request v1";
  private static final String UUID_FORM = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final Pattern TEXT =
      Pattern.compile(
          TITLE
              + "\nserver: ([A-Za-z0-9._-]{1,64})\naction: ([a-z]{1,16})\nvault: ("
              + UUID_FORM
              + ")\nkey: ("
              + UUID_FORM
              + "|-)\nnonce: ([0-9a-f]{32})\nexpires: ([0-9TZ:-]{20})\n");

  /** Checks that nothing is null. */
  public ApprovalRequest {
    requireNonNull(server, "server");
    requireNonNull(action, "action");
    requireNonNull(vault, "vault");
    requireNonNull(key, "key");
    requireNonNull(nonce, "nonce");
    requireNonNull(expires, "expires");
  }

  /** Returns the text to sign: lines of ASCII, each ended by a line feed. */
  public String text() {
    return TITLE
        + "\nserver: "
        + server
        + "\naction: "
        + action.word()
        + "\nvault: "
        + vault
        + "\nkey: "
        + key.map(KeyId::toString).orElse("-")
        + "\nnonce: "
        + nonce
        + "\nexpires: "
        + expires
        + "\n";
  }

  /** Reads a text; absent if it is not the canonical text of any request. */
  public static Optional<ApprovalRequest> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      String key = matcher.group(4);
      return ApprovedAction.of(matcher.group(2))
          .map(
              action ->
                  new ApprovalRequest(
                      matcher.group(1),
                      action,
                      VaultId.parse(matcher.group(3)),
                      key.equals("-") ? Optional.empty() : Optional.of(KeyId.parse(key)),
                      matcher.group(5),
                      Instant.parse(matcher.group(6))))
          .filter(read -> read.text().equals(text));
    } catch (DateTimeException e) {
      // A day or an hour that there is not; told together with all other texts that are none.
      return Optional.empty();
    }
  }
}
