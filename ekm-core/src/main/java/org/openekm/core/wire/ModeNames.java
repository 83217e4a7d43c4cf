// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The names of AES-GCM, the one mode there is. Immutable and thread-safe. */
final class ModeNames {

  private final String output;
  private final Set<String> accepted;
  private final boolean ignoreCase;

  ModeNames(String output, Set<String> accepted, boolean ignoreCase) {
    this.output = output;
    this.ignoreCase = ignoreCase;
    this.accepted = accepted.stream().map(this::fold).collect(Collectors.toUnmodifiableSet());
  }

  /** Returns the name that answers use. */
  String output() {
    return output;
  }

  boolean accepts(String mode) {
    return accepted.contains(fold(mode));
  }

  private String fold(String mode) {
    return ignoreCase ? mode.toUpperCase(Locale.ROOT) : mode;
  }
}
