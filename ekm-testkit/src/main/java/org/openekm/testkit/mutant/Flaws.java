// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import java.util.Optional;

/** Which mutation is on, if any. Immutable and thread-safe. */
final class Flaws {

  private final Optional<Mutation> mutation;

  Flaws(Optional<Mutation> mutation) {
    this.mutation = mutation;
  }

  boolean has(Mutation asked) {
    return mutation.isPresent() && mutation.get() == asked;
  }
}
