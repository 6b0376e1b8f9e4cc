package io.tern.onnx;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Has the C library give large blocks back to the system as soon as they are freed. glibc maps them one by one, but raises
 * what it takes for large with each that is freed, up to 32 MB: from then on tensors lie among small blocks, and what has
 * ended stays with the process.
 */
final class AllocatorSettings {
    /** {@code M_MMAP_THRESHOLD} of glibc's {@code malloc.h}. */
    private static final int MAP_FROM = -3;

    /** {@code M_TRIM_THRESHOLD}: setting the other one stops this from following it. */
    private static final int GIVE_BACK_FROM = -1;

    /** Mapping costs some microseconds and a fault for each page, which is little beside what fills a block so large. */
    private static final int LARGE_BYTES = 1 << 19;

    private AllocatorSettings() {}

    /** Does nothing where the C library has no such settings. */
    static void apply() {
        Linker linker = Linker.nativeLinker();
        linker.defaultLookup().find("mallopt").ifPresent(function -> {
            MethodHandle mallopt = linker.downcallHandle(function, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
            set(mallopt, MAP_FROM, LARGE_BYTES);
            set(mallopt, GIVE_BACK_FROM, 2 * LARGE_BYTES);
        });
    }

    private static void set(MethodHandle mallopt, int setting, int bytes) {
        try {
            int accepted = (int) mallopt.invokeExact(setting, bytes);
            if (accepted == 0) {
                throw new IllegalStateException("mallopt: refused " + bytes + " for " + setting);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
