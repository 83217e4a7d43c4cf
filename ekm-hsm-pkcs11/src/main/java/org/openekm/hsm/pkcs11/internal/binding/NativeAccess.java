// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.binding;

import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;

/** The memory of this process and the functions of one library. Thread-safe. */
interface NativeAccess extends AutoCloseable {

  /** Returns memory for one call: zeroed, aligned to 16 bytes, closed by the same thread. */
  NativeBlock allocate(long size);

  /** Returns such memory that lasts and may be closed by another thread. */
  NativeBlock allocateLasting(long size);

  /**
   * Calls a function through the library's function list.
   *
   * @param words the arguments, 1 to 8 of them: numbers, handles and addresses
   * @return what it returns, a CKR value
   */
  long call(CkFunction function, long... words);

  /** Unloads the library. */
  @Override
  void close();
}
