// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

/** The server's answer that it does not do what was asked. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  static final int ITEM_NOT_FOUND = 0x01;
  static final int INVALID_MESSAGE = 0x04;
  static final int OPERATION_NOT_SUPPORTED = 0x05;
  static final int INVALID_FIELD = 0x07;
  static final int CRYPTOGRAPHIC_FAILURE = 0x0A;
  static final int PERMISSION_DENIED = 0x0C;
  static final int SENSITIVE = 0x16;
  static final int INCOMPATIBLE_USAGE_MASK = 0x29;
  static final int NON_UNIQUE_NAME = 0x35;
  static final int OBJECT_DESTROYED = 0x36;
  static final int OBJECT_NOT_FOUND = 0x37;
  static final int UNSUPPORTED_VERSION = 0x3F;
  static final int WRONG_STATE = 0x43;
  static final int GENERAL_FAILURE = 0x100;

  private final int reason;

  Refusal(int reason, String message) {
    super(message);
    this.reason = reason;
  }

  int reason() {
    return reason;
  }
}
