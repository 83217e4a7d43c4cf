// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.binding;

import java.util.Arrays;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;

/** Memory and functions by way of the platform. */
final class FfmAccess implements NativeAccess {

  private static final int ALIGNMENT = 16;
  private static final Linker LINKER = Linker.nativeLinker();

  // One constant handle for each number of words, so that the compiler can see through it.
  private static final MethodHandle CALL1 = handle(1);
  private static final MethodHandle CALL2 = handle(2);
  private static final MethodHandle CALL3 = handle(3);
  private static final MethodHandle CALL4 = handle(4);
  private static final MethodHandle CALL5 = handle(5);
  private static final MethodHandle CALL8 = handle(8);

  private final Arena arena = Arena.ofShared();
  private final MemorySegment[] functions = new MemorySegment[CkFunction.COUNT];

  /** Loads the library; called by name. */
  FfmAccess(Path path) {
    SymbolLookup lookup = SymbolLookup.libraryLookup(path, arena);
    MemorySegment getList =
        lookup
            .find("C_GetFunctionList")
            .orElseThrow(() -> new UnsatisfiedLinkError("it has no C_GetFunctionList"));
    MemorySegment pointer = arena.allocate(ValueLayout.JAVA_LONG);
    long result = invoke(getList, new long[] {pointer.address()});
    if (result != 0) {
      throw new UnsatisfiedLinkError("C_GetFunctionList returned 0x" + Long.toHexString(result));
    }
    int size = CkFunction.GENERATE_RANDOM.offset() + Long.BYTES;
    MemorySegment list =
        MemorySegment.ofAddress(pointer.get(ValueLayout.JAVA_LONG, 0)).reinterpret(size);
    for (CkFunction function : CkFunction.values()) {
      functions[function.index()] =
          MemorySegment.ofAddress(list.get(ValueLayout.JAVA_LONG, function.offset()));
    }
  }

  private static MethodHandle handle(int words) {
    MemoryLayout[] arguments = new MemoryLayout[words];
    Arrays.fill(arguments, ValueLayout.JAVA_LONG);
    return LINKER.downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments));
  }

  @Override
  public NativeBlock allocate(long size) {
    return new Block(Arena.ofConfined(), size);
  }

  @Override
  public NativeBlock allocateLasting(long size) {
    return new Block(Arena.ofShared(), size);
  }

  @Override
  public long call(CkFunction function, long... words) {
    return invoke(functions[function.index()], words);
  }

  private static long invoke(MemorySegment function, long[] w) {
    try {
      return switch (w.length) {
        case 1 -> (long) CALL1.invokeExact(function, w[0]);
        case 2 -> (long) CALL2.invokeExact(function, w[0], w[1]);
        case 3 -> (long) CALL3.invokeExact(function, w[0], w[1], w[2]);
        case 4 -> (long) CALL4.invokeExact(function, w[0], w[1], w[2], w[3]);
        case 5 -> (long) CALL5.invokeExact(function, w[0], w[1], w[2], w[3], w[4]);
        case 8 ->
            (long) CALL8.invokeExact(function, w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);
        default -> throw new IllegalArgumentException("no function has " + w.length + " words");
      };
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("native functions throw nothing", e);
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  /** Memory of an arena of its own. */
  private static final class Block implements NativeBlock {

    private final Arena arena;
    private final MemorySegment segment;

    Block(Arena arena, long size) {
      this.arena = arena;
      this.segment = arena.allocate(size, ALIGNMENT);
    }

    @Override
    public long address() {
      return segment.address();
    }

    @Override
    public long getLong(long offset) {
      return segment.get(ValueLayout.JAVA_LONG, offset);
    }

    @Override
    public void putLong(long offset, long value) {
      segment.set(ValueLayout.JAVA_LONG, offset, value);
    }

    @Override
    public void read(long offset, byte[] target, int length) {
      MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, target, 0, length);
    }

    @Override
    public void write(long offset, byte[] source, int length) {
      MemorySegment.copy(source, 0, segment, ValueLayout.JAVA_BYTE, offset, length);
    }

    @Override
    public void clear(long offset, long length) {
      segment.asSlice(offset, length).fill((byte) 0);
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
