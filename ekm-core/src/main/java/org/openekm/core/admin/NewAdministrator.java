// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.Set;
import org.openekm.api.Bytes;

/**
 * What a new administrator is made of.
 *
 * @param name 1 to 64 letters, digits, dots, hyphens or underscores; unique
 * @param grants what they may do
 * @param certificate the fingerprint of their client certificate as {@link AdminAccess#fingerprint}
 *     gives it; absent to have a bearer credential made
 */
public record NewAdministrator(String name, Set<NewGrant> grants, Optional<Bytes> certificate) {

  /** Copies the grants. */
  public NewAdministrator {
    requireNonNull(name, "name");
    grants = Set.copyOf(grants);
    requireNonNull(certificate, "certificate");
  }
}
