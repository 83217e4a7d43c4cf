// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.binding;

/** A piece of native memory. Not thread-safe. */
interface NativeBlock extends AutoCloseable {

  /** Returns its address. */
  long address();

  /** Returns the 64-bit word at the offset. */
  long getLong(long offset);

  /** Sets the 64-bit word at the offset. */
  void putLong(long offset, long value);

  /** Copies {@code length} bytes out of the block. */
  void read(long offset, byte[] target, int length);

  /** Copies {@code length} bytes into the block. */
  void write(long offset, byte[] source, int length);

  /** Overwrites {@code length} bytes with zeros. */
  void clear(long offset, long length);

  /** Frees the memory, if it is ours. */
  @Override
  void close();
}
