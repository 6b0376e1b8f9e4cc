package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * What all threads of the process have run together, the native ones included: what work costs, however busy the machine
 * is otherwise. Java tells it in hundredths of a second only.
 */
public final class ProcessorTime {
    private static final MemoryLayout TIMESPEC = MemoryLayout.structLayout(JAVA_LONG, JAVA_LONG);
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** {@code CLOCK_PROCESS_CPUTIME_ID}. */
    private static final int CLOCK = System.getProperty("os.name").startsWith("Mac") ? 12 : 2;

    private static final Optional<MethodHandle> CLOCK_GETTIME = Linker.nativeLinker()
            .defaultLookup()
            .find("clock_gettime")
            .map(function ->
                    Linker.nativeLinker().downcallHandle(function, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS)));

    private ProcessorTime() {}

    /** Since some moment, in nanoseconds; the time that has passed where the system does not tell. */
    public static long nanos() {
        if (CLOCK_GETTIME.isEmpty()) {
            return System.nanoTime();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(TIMESPEC);
            int failed = (int) CLOCK_GETTIME.get().invokeExact(CLOCK, time);
            if (failed != 0) {
                throw new IllegalStateException("clock_gettime: failed for clock " + CLOCK);
            }
            return time.get(JAVA_LONG, 0) * NANOS_PER_SECOND + time.get(JAVA_LONG, JAVA_LONG.byteSize());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
