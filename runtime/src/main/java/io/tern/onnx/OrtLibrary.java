package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Loads ONNX Runtime's library, once in a process, and gets its table of functions. */
final class OrtLibrary {
    /** The natives in the jar must be these: kernels differ from release to release, and results with them. */
    static final String EXPECTED_VERSION = "1.29.0";

    /** ORT_API_VERSION of that release. */
    private static final int API_VERSION = 29;

    /** Members of {@code struct OrtApi} at that version, one pointer each. */
    static final int API_MEMBERS = 425;

    /** {@code struct OrtApiBase}: GetApi, GetVersionString. */
    private static final int BASE_MEMBERS = 2;

    private final OrtApi api;
    private final String version;

    private OrtLibrary(OrtApi api, String version) {
        this.api = api;
        this.version = version;
    }

    OrtApi api() {
        return api;
    }

    String version() {
        return version;
    }

    /** @throws IllegalStateException if the library cannot be loaded or is not the expected one */
    static OrtLibrary load(Path file) {
        OrtTelemetry.turnOff();
        AllocatorSettings.apply();
        // The global arena: nothing may ever unmap code that a thread of ONNX Runtime could be in.
        SymbolLookup symbols = SymbolLookup.libraryLookup(file, Arena.global());
        MemorySegment base = pointerFrom(
                        symbols.findOrThrow("OrtGetApiBase"), FunctionDescriptor.of(ADDRESS), "OrtGetApiBase")
                .reinterpret(BASE_MEMBERS * ADDRESS.byteSize());
        String version = CStrings.read(
                pointerFrom(base.getAtIndex(ADDRESS, 1), FunctionDescriptor.of(ADDRESS), "GetVersionString"));
        requireVersion(version);
        MemorySegment table = pointerFrom(
                base.getAtIndex(ADDRESS, 0), FunctionDescriptor.of(ADDRESS, JAVA_INT), "GetApi", API_VERSION);
        if (table.address() == 0) {
            throw new IllegalStateException("ONNX Runtime " + version + ": no API " + API_VERSION);
        }
        return new OrtLibrary(new OrtApi(table.reinterpret(API_MEMBERS * ADDRESS.byteSize())), version);
    }

    static void requireVersion(String found) {
        if (!found.equals(EXPECTED_VERSION)) {
            throw new IllegalStateException("ONNX Runtime: " + found + " (expected: " + EXPECTED_VERSION + ")");
        }
    }

    private static MemorySegment pointerFrom(
            MemorySegment function, FunctionDescriptor descriptor, String name, Object... arguments) {
        MethodHandle handle = Linker.nativeLinker().downcallHandle(function, descriptor);
        try {
            return (MemorySegment) handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(name + ": failed", e);
        }
    }
}
