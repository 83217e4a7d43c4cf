// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.binding;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;

/** Memory and functions by way of JNA. */
final class JnaAccess implements NativeAccess {

  /**
   * RTLD_NOW without RTLD_GLOBAL, which is JNA's default: with it a module that forwards to another
   * finds its own symbols in the other's place and calls itself until the process dies (measured).
   */
  private static final int OPEN_FLAGS = 2;

  private final NativeLibrary library;
  private final Function[] functions = new Function[CkFunction.COUNT];

  /** Loads the library; throws {@link UnsatisfiedLinkError} if it can't be or is none. */
  JnaAccess(Path path) {
    library =
        NativeLibrary.getInstance(path.toString(), Map.of(Library.OPTION_OPEN_FLAGS, OPEN_FLAGS));
    PointerByReference list = new PointerByReference();
    long result = library.getFunction("C_GetFunctionList").invokeLong(new Object[] {list});
    if (result != 0) {
      throw new UnsatisfiedLinkError("C_GetFunctionList returned 0x" + Long.toHexString(result));
    }
    for (CkFunction function : CkFunction.values()) {
      functions[function.index()] =
          Function.getFunction(list.getValue().getPointer(function.offset()));
    }
  }

  @Override
  public NativeBlock allocate(long size) {
    return new Block(size);
  }

  @Override
  public NativeBlock allocateLasting(long size) {
    return new Block(size);
  }

  @Override
  public long call(CkFunction function, long... words) {
    Object[] arguments = new Object[words.length];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = words[i];
    }
    return functions[function.index()].invokeLong(arguments);
  }

  @Override
  public void close() {
    library.close();
  }

  /**
   * Memory that JNA has allocated. Reached through a buffer, which the compiler sees through; JNA's
   * own access would cross into native code for each number.
   */
  private static final class Block implements NativeBlock {

    private static final byte[] ZEROS = new byte[4096];

    private final Memory memory;
    private final ByteBuffer view;

    Block(long size) {
      memory = new Memory(size);
      view = memory.getByteBuffer(0, size).order(ByteOrder.nativeOrder());
      clear(0, size);
    }

    @Override
    public long address() {
      return Pointer.nativeValue(memory);
    }

    @Override
    public long getLong(long offset) {
      return view.getLong((int) offset);
    }

    @Override
    public void putLong(long offset, long value) {
      view.putLong((int) offset, value);
    }

    @Override
    public void read(long offset, byte[] target, int length) {
      view.get((int) offset, target, 0, length);
    }

    @Override
    public void write(long offset, byte[] source, int length) {
      view.put((int) offset, source, 0, length);
    }

    @Override
    public void clear(long offset, long length) {
      int at = (int) offset;
      for (long left = length; left > 0; left -= ZEROS.length) {
        int part = (int) Math.min(left, ZEROS.length);
        view.put(at, ZEROS, 0, part);
        at += part;
      }
    }

    @Override
    public void close() {
      memory.close();
    }
  }
}
