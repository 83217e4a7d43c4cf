// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.binding;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
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

  /** Memory that JNA has allocated. */
  private static final class Block implements NativeBlock {

    private final Memory memory;

    Block(long size) {
      memory = new Memory(size);
      memory.clear();
    }

    @Override
    public long address() {
      return Pointer.nativeValue(memory);
    }

    @Override
    public long getLong(long offset) {
      return memory.getLong(offset);
    }

    @Override
    public void putLong(long offset, long value) {
      memory.setLong(offset, value);
    }

    @Override
    public void read(long offset, byte[] target, int length) {
      memory.read(offset, target, 0, length);
    }

    @Override
    public void write(long offset, byte[] source, int length) {
      memory.write(offset, source, 0, length);
    }

    @Override
    public void clear(long offset, long length) {
      if (length > 0) {
        memory.setMemory(offset, length, (byte) 0);
      }
    }

    @Override
    public void close() {
      memory.close();
    }
  }
}
