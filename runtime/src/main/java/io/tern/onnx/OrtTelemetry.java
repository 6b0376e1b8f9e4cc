package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/**
 * Turns off the telemetry of Microsoft's builds. Since 1.29.0 they send the names of models and providers, errors and
 * timings to Microsoft from Linux and macOS as well, keep a device id and a database in the user's cache folder and a log in
 * the temporary one. The variable is read when the environment is made; a call of the C API would come too late.
 *
 * <p>It also takes away a trap of 1.29.0: its telemetry runs a recursive regular expression over the process's command line,
 * so a line of about 4 KiB (a long {@code -cp}) overflows a thread's 1 MiB of stack and ends the process.
 */
final class OrtTelemetry {
    private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";
    private static final int OVERWRITE = 1;

    private OrtTelemetry() {}

    /**
     * Before the library is loaded. The C library's environment is not Java's, which is a copy; changing it is unsafe only
     * beside native code that reads it at that moment.
     */
    static void turnOff() {
        Linker linker = Linker.nativeLinker();
        // Windows has no setenv, and there the system's own tracing decides what is sent.
        linker.defaultLookup().find("setenv").ifPresent(function -> {
            FunctionDescriptor signature = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
            setVariable(linker, function, signature);
        });
    }

    private static void setVariable(Linker linker, MemorySegment function, FunctionDescriptor signature) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(VARIABLE);
            MemorySegment value = arena.allocateFrom("1");
            int failed = (int) linker.downcallHandle(function, signature).invokeExact(name, value, OVERWRITE);
            if (failed != 0) {
                throw new IllegalStateException("setenv: failed for " + VARIABLE);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
