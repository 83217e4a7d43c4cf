// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;

/**
 * A key that is ready to check signatures; made once, used by all threads.
 *
 * @param jwk as published
 * @param verifier the library's verifier
 */
record TokenKey(Jwk jwk, RSASSAVerifier verifier) {

  static TokenKey of(Jwk jwk) {
    try {
      RSAPublicKeySpec spec = new RSAPublicKeySpec(jwk.modulus(), jwk.exponent());
      RSAPublicKey key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
      return new TokenKey(jwk, new RSASSAVerifier(key));
    } catch (GeneralSecurityException e) {
      throw new FetchException("published a key that is no RSA key", e);
    }
  }

  /** Returns true if this very key has signed the token. */
  boolean hasSigned(ParsedToken token) {
    SignatureAlgorithm algorithm = token.header().algorithm();
    if (jwk.algorithm().isPresent() && jwk.algorithm().get() != algorithm) {
      return false;
    }
    try {
      return verifier.verify(algorithm.header(), token.signedBytes(), token.signature());
    } catch (JOSEException e) {
      throw new IllegalStateException("This Java can't check RSA signatures", e);
    }
  }
}
