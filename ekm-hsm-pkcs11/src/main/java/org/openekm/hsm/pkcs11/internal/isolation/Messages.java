// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

/** The types of messages. */
final class Messages {

  /** To the process: its settings, as many pairs of texts as the number before them. */
  static final byte SETTINGS = 1;

  /** From the process: it has a backend. */
  static final byte STARTED = 2;

  /** From the process: the text of a secret reference that it wants resolved. */
  static final byte SECRET_WANTED = 3;

  /** To the process: the secret. */
  static final byte SECRET = 4;

  /** To the process: there is no such secret, and why. */
  static final byte NO_SECRET = 5;

  /** To the process: end in order. */
  static final byte STOP = 6;

  /** From the process: the token has refused the secret that was given last. */
  static final byte SECRET_REFUSED = 7;

  /** A call; the content begins with its remaining time in nanoseconds. */
  static final byte ENCRYPT = 16;

  /** Likewise. */
  static final byte DECRYPT = 17;

  /** Likewise. */
  static final byte RANDOM = 18;

  /** Likewise. */
  static final byte GENERATE = 19;

  /** Likewise. */
  static final byte IMPORT = 20;

  /** Likewise. */
  static final byte DESTROY = 21;

  /** Likewise. */
  static final byte INSPECT = 22;

  /** Likewise. */
  static final byte CHECK = 23;

  /** Likewise. */
  static final byte UNWRAP = 24;

  /** The result of a call. */
  static final byte RESULT = 64;

  /** The failure of a call: its kind, whether it is worth another try, its text. */
  static final byte FAILURE = 65;

  private Messages() {}
}
