// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;

/**
 * A token of good form, its signature not yet checked.
 *
 * @param text the whole text
 * @param signatureStart where the third part begins
 * @param header what the header says
 * @param claims the claims, which nobody may believe before the signature is checked
 */
record ParsedToken(String text, int signatureStart, TokenHeader header, JsonObject claims) {

  byte[] signedBytes() {
    return text.substring(0, signatureStart - 1).getBytes(StandardCharsets.US_ASCII);
  }

  Base64URL signature() {
    return new Base64URL(text.substring(signatureStart));
  }

  /** Keeps the token out of logs. */
  @Override
  public String toString() {
    return "ParsedToken[" + text.length() + " characters]";
  }
}
