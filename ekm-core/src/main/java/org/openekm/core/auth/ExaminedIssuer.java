// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.VaultRecord;

/**
 * An issuer with what an examination has found, and the means to explain a token of it. Immutable
 * and thread-safe.
 */
public final class ExaminedIssuer {

  private static final int MOST_SHOWN = 300;

  private final IssuerRecord issuer;
  private final List<ExaminationStep> steps;
  private final Optional<PublishedKeys> keys;

  ExaminedIssuer(IssuerRecord issuer, List<ExaminationStep> steps, Optional<PublishedKeys> keys) {
    this.issuer = issuer;
    this.steps = List.copyOf(steps);
    this.keys = keys;
  }

  /** Returns an issuer that nobody has looked at: of its tokens, all but the signature is told. */
  public static ExaminedIssuer unseen(IssuerRecord issuer) {
    return new ExaminedIssuer(issuer, List.of(), Optional.empty());
  }

  /** Returns the steps on the way to the signing keys, in their order. */
  public List<ExaminationStep> steps() {
    return steps;
  }

  /**
   * Explains check by check whether a server would let a token in. The messages quote claims, so
   * they are for the owner of the token only.
   *
   * @param token the token's text
   * @param access what the vault accepts
   * @param now the time to compare with
   * @param skew by how much the domain's clock may differ
   */
  public List<ExaminationStep> explain(
      String token, VaultRecord.Access access, Instant now, Duration skew) {
    return new TokenExplanation(issuer, keys, access).explain(token, now, skew);
  }

  /** Returns text of a stranger as it may go to a terminal. */
  static String shown(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() <= MOST_SHOWN ? plain : plain.substring(0, MOST_SHOWN) + "...";
  }
}
