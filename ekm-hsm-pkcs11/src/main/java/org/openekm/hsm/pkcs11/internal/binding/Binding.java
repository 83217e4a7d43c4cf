// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.binding;

/** How a library is called. */
public enum Binding {
  /** The platform's own way where there is one, else JNA. */
  AUTO,
  /** The platform's foreign functions, from Java 22 on. */
  FFM,
  /** The library JNA. */
  JNA
}
