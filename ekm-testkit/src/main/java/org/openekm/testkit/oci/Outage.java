// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.net.URI;
import java.time.Duration;

/** A way in which an endpoint of the identity domain goes wrong. */
public sealed interface Outage {

  /** The connection is reset before any answer. */
  static Outage down() {
    return new Down();
  }

  /** The right answer, but only after the delay. */
  static Outage slow(Duration delay) {
    return new Slow(delay);
  }

  /** An error status with a short body. */
  static Outage status(int status) {
    return new Body(status, "{\"error\":\"server_error\"}");
  }

  /** Status 200 and a body of that many bytes, which is JSON but not what was asked for. */
  static Outage hugeBody(int bytes) {
    return new Huge(bytes);
  }

  /** Status 200 and this text. */
  static Outage body(String text) {
    return new Body(200, text);
  }

  /** Status 302 to another place. */
  static Outage redirect(URI target) {
    return new Redirect(target);
  }

  /** See {@link #down()}. */
  record Down() implements Outage {}

  /**
   * See {@link #slow}.
   *
   * @param delay how long to wait
   */
  record Slow(Duration delay) implements Outage {}

  /**
   * See {@link #status} and {@link #body}.
   *
   * @param status the HTTP status
   * @param text the body
   */
  record Body(int status, String text) implements Outage {}

  /**
   * See {@link #hugeBody}.
   *
   * @param bytes the length of the body
   */
  record Huge(int bytes) implements Outage {}

  /**
   * See {@link #redirect}.
   *
   * @param target where the answer points to
   */
  record Redirect(URI target) implements Outage {}
}
