// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.auth;

import org.openekm.api.EkmException;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.store.IssuerRecord;

/**
 * Checks bearer tokens. Thread-safe.
 *
 * <p>Any doubt is a refusal; there is no mode without a check.
 */
public interface TokenVerifier {

  /**
   * Checks form, signature, issuer and lifetime of a token against one issuer. Audience, client and
   * scope are compared by the caller, who knows the vault.
   *
   * @param issuer the issuer of the vault in the path; never chosen by the token's content
   * @param token the text behind {@code Bearer}
   * @throws EkmException with {@code TOKEN_INVALID} for any reason whatever
   */
  VerifiedClient verify(IssuerRecord issuer, String token);
}
