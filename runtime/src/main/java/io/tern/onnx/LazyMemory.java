package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Zeros that take no memory before they are written to: for what may grow as long as it is large. An arena's own allocation
 * writes its zeros, and so takes all pages at once; the C library's {@code calloc} leaves those of a large block to the
 * system, and gives them back when the block is freed.
 */
public final class LazyMemory {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CALLOC = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("calloc"), FunctionDescriptor.of(ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FREE =
            LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("free"), FunctionDescriptor.ofVoid(ADDRESS));

    private LazyMemory() {}

    /**
     * Memory that ends with the arena.
     *
     * @param alignmentBytes a power of two
     * @throws OutOfMemoryError if the system has no room for so much
     */
    public static MemorySegment zeros(Arena arena, long bytes, long alignmentBytes) {
        long allocated = Math.addExact(bytes, alignmentBytes - 1);
        MemorySegment block = calloc(allocated);
        if (block.address() == 0) {
            throw new OutOfMemoryError("native memory: " + bytes + " bytes are not free");
        }
        MemorySegment owned = block.reinterpret(allocated, arena, LazyMemory::free);
        return owned.asSlice(-block.address() & (alignmentBytes - 1), bytes);
    }

    private static MemorySegment calloc(long bytes) {
        try {
            return (MemorySegment) CALLOC.invokeExact(1L, Math.max(1, bytes));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void free(MemorySegment block) {
        try {
            FREE.invokeExact(block);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
