// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.Set;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.store.VaultRecord;

/**
 * Compares a checked token with what a vault allows: audience, client and scope. An empty list
 * allows nothing. Stateless and thread-safe.
 */
public final class ClientCheck {

  /** As the only accepted audience of a vault: do not look at the token's audience. */
  public static final String ANY_AUDIENCE = "*";

  /** Makes the check. */
  public ClientCheck() {}

  /**
   * Lets the client through or not.
   *
   * @throws EkmException with {@code TOKEN_INVALID} if no audience fits, comparing without one
   *     slash at the end and without {@code :443}; with {@code CLIENT_NOT_ALLOWED} if client or
   *     scope don't fit
   */
  public void check(VerifiedClient client, VaultRecord.Access access) {
    if (!isMeantForUs(client.audiences(), access.audiences())) {
      throw Refusals.invalid("aud names none of the vault's audiences");
    }
    if (!MessageDigest.isEqual(utf8(client.clientId()), utf8(access.clientId()))) {
      throw new EkmException(
          EkmErrorCode.CLIENT_NOT_ALLOWED, "token: client_id is not the vault's client");
    }
    if (Collections.disjoint(client.scopes(), access.scopes())) {
      throw new EkmException(
          EkmErrorCode.CLIENT_NOT_ALLOWED, "token: scope has none of the vault's scopes");
    }
  }

  private static boolean isMeantForUs(Set<String> named, Set<String> accepted) {
    if (isSwitchedOff(accepted) || !Collections.disjoint(named, accepted)) {
      return true;
    }
    for (String audience : named) {
      String normal = Urls.normalize(audience);
      for (String ours : accepted) {
        if (normal.equals(Urls.normalize(ours))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isSwitchedOff(Set<String> accepted) {
    return accepted.size() == 1 && accepted.contains(ANY_AUDIENCE);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
