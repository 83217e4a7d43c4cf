// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.util.Set;

/**
 * A confidential application of the identity domain.
 *
 * <p>Two of them belong together: the <em>resource application</em> stands for the key manager,
 * owns the audience, and may read protected signing keys; the <em>client application</em> stands
 * for OCI and may ask for tokens to that audience.
 *
 * @param kind which of the two it is
 * @param name its name in the console
 * @param clientId the client id
 * @param clientSecret the client secret
 * @param audience the primary audience of the resource application
 * @param scopes the scopes of the resource application
 */
public record OAuthApp(
    Kind kind,
    String name,
    String clientId,
    String clientSecret,
    String audience,
    Set<String> scopes) {

  /** Copies the scopes. */
  public OAuthApp {
    scopes = Set.copyOf(scopes);
  }

  /** What an application is for. */
  public enum Kind {
    /** Stands for the key manager. */
    RESOURCE,
    /** Stands for OCI. */
    CLIENT
  }

  /** Returns the same application with another secret. */
  public OAuthApp withSecret(String secret) {
    return new OAuthApp(kind, name, clientId, secret, audience, scopes);
  }

  /** Leaves the secret out. */
  @Override
  public String toString() {
    return "OAuthApp[" + kind + ", " + name + ", clientId=" + clientId + "]";
  }
}
