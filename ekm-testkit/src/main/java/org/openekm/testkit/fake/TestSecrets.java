// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.openekm.api.SecretBytes;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;

/** Finds secrets in a map. Thread-safe; a changed secret is given out from the next call on. */
public final class TestSecrets implements SecretResolver {

  private final Map<SecretReference, SecretBytes> secrets = new ConcurrentHashMap<>();

  /**
   * Puts or replaces a secret.
   *
   * @param reference such as <code>${env:EKM_PIN}</code>
   * @param secret as text in UTF-8
   */
  public TestSecrets put(String reference, String secret) {
    return put(reference, SecretBytes.adopt(secret.getBytes(UTF_8)));
  }

  /** Puts or replaces a secret; it is copied. */
  public TestSecrets put(String reference, SecretBytes secret) {
    secrets.put(SecretReference.parse(reference), secret.copy());
    return this;
  }

  /** Takes a secret away. */
  public TestSecrets remove(String reference) {
    secrets.remove(SecretReference.parse(reference));
    return this;
  }

  @Override
  public SecretBytes resolve(SecretReference reference) {
    SecretBytes secret = secrets.get(reference);
    if (secret == null || secret.length() == 0) {
      throw new SecretUnavailableException(reference, "is not among the test's secrets", null);
    }
    return secret.copy();
  }
}
