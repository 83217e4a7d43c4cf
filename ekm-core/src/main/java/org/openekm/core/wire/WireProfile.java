// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.openekm.api.KeyState;
import org.openekm.api.Operation;
import org.openekm.spi.InvalidConfigurationException;

/**
 * The names, paths, words and texts of the wire, read from a data file. Two come with the product:
 * {@code oci-default} forgives what OCI might send, {@code oci-strict} takes and gives the
 * canonical names only. Immutable and thread-safe.
 */
public final class WireProfile {

  private final Content content;
  private final List<RoutePattern> routes;

  WireProfile(Content content) {
    this.content = content;
    this.routes =
        content.operations().values().stream()
            .map(OperationProfile::routes)
            .flatMap(Collection::stream)
            .toList();
  }

  /**
   * Returns a profile that comes with the product.
   *
   * @param name {@code oci-default} or {@code oci-strict}
   * @throws InvalidConfigurationException if there is no profile of that name
   */
  public static WireProfile builtIn(String name) {
    return WireProfileLoader.builtIn(name);
  }

  /**
   * Reads a profile from a file.
   *
   * @throws InvalidConfigurationException if the file can't be read or isn't right; holds all
   *     problems
   */
  public static WireProfile load(Path file) {
    return WireProfileLoader.load(file);
  }

  /** Returns the name that the data file gives to itself. */
  public String name() {
    return content.name();
  }

  /** Returns true if random bytes are given together with their encryption under the key. */
  public boolean sealsRandomBytes() {
    return content.rules().sealRandomBytes();
  }

  /** Returns the limits that the data file suggests. */
  public WireLimits limits() {
    return content.limits();
  }

  String vendor() {
    return content.vendor();
  }

  List<RoutePattern> routes() {
    return routes;
  }

  OperationProfile operation(Operation operation) {
    OperationProfile found = content.operations().get(operation);
    if (found == null) {
      throw new IllegalStateException("the profile lacks " + operation);
    }
    return found;
  }

  String state(KeyState state) {
    return content.states().getOrDefault(state, state.name());
  }

  WireRules rules() {
    return content.rules();
  }

  ModeNames modes() {
    return content.modes();
  }

  Base64Decoder base64() {
    return content.base64();
  }

  ErrorTexts errors() {
    return content.errors();
  }

  /** Everything that a data file says, checked. */
  record Content(
      String name,
      String vendor,
      Map<Operation, OperationProfile> operations,
      Map<KeyState, String> states,
      WireRules rules,
      ModeNames modes,
      Base64Decoder base64,
      ErrorTexts errors,
      WireLimits limits) {}
}
