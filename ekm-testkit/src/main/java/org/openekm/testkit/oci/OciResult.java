// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.util.Optional;
import java.util.function.Function;

/**
 * The outcome of a call.
 *
 * @param response what came over the wire
 * @param value what it means; absent unless the call succeeded
 */
public record OciResult<T>(OciResponse response, Optional<T> value) {

  /**
   * Returns the value.
   *
   * @throws IllegalStateException if the call didn't succeed
   */
  public T orThrow() {
    return value.orElseThrow(() -> new IllegalStateException("the call failed: " + response));
  }

  /** Returns a result of the same response with another value, if there is one. */
  public <R> OciResult<R> map(Function<T, R> change) {
    return new OciResult<>(response, value.map(change));
  }

  /** Shows the response only. */
  @Override
  public String toString() {
    return "OciResult[" + response + "]";
  }
}
