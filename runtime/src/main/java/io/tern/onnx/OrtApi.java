package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls functions of the C API by {@link OrtFunction}. One method handle serves all functions of a signature and takes
 * the function's address first; {@code call} is for the many that return an {@code OrtStatus*} and throws
 * {@link OnnxException} on any but null. Segments are passed as their owners' arenas made them: the linker keeps the
 * arena of each argument open during the call, so closing a session under a run is refused. Safe for many threads.
 */
final class OrtApi {
    private static final Linker LINKER = Linker.nativeLinker();

    // Named by return value and arguments. Linker.Option.critical is not for these: a run would hold up every
    // safepoint.
    private static final MethodHandle A_A = status(ADDRESS);
    private static final MethodHandle A_AA = status(ADDRESS, ADDRESS);
    private static final MethodHandle A_AAA = status(ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle A_AAAA = status(ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle A_AAAAA = status(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle A_AI = status(ADDRESS, JAVA_INT);
    private static final MethodHandle A_AAL = status(ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle A_AAAL = status(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle A_ALA = status(ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle A_ALAA = status(ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle A_ALLA = status(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    private static final MethodHandle A_AALAL = status(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);
    private static final MethodHandle A_AALAA = status(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private static final MethodHandle A_AALAAA = status(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle A_AALIA = status(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS);
    private static final MethodHandle A_AALALIA =
            status(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS);
    private static final MethodHandle A_IAA = status(JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle A_AIIIA = status(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle I_A = LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle Z_A = LINKER.downcallHandle(FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    private static final MethodHandle V_A = LINKER.downcallHandle(FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle V_AA = LINKER.downcallHandle(FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));

    private final MemorySegment table;
    // Filled at first use; two threads may fill the same place with the same value.
    private final @Nullable MemorySegment[] addresses = new MemorySegment[OrtLibrary.API_MEMBERS];

    /** @param table {@code struct OrtApi}, which is never freed */
    OrtApi(MemorySegment table) {
        this.table = table;
    }

    /** The functions called so far. */
    Set<OrtFunction> called() {
        Set<OrtFunction> called = EnumSet.noneOf(OrtFunction.class);
        for (OrtFunction function : OrtFunction.values()) {
            if (addresses[function.index()] != null) {
                called.add(function);
            }
        }
        return called;
    }

    void call(OrtFunction function, MemorySegment a) {
        try {
            check(function, (MemorySegment) A_A.invokeExact(address(function), a));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(OrtFunction function, MemorySegment a, MemorySegment b) {
        try {
            check(function, (MemorySegment) A_AA.invokeExact(address(function), a, b));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(OrtFunction function, MemorySegment a, MemorySegment b, MemorySegment c) {
        try {
            check(function, (MemorySegment) A_AAA.invokeExact(address(function), a, b, c));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(OrtFunction function, MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment d) {
        try {
            check(function, (MemorySegment) A_AAAA.invokeExact(address(function), a, b, c, d));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(
            OrtFunction function, MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment d, MemorySegment e) {
        try {
            check(function, (MemorySegment) A_AAAAA.invokeExact(address(function), a, b, c, d, e));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void call(OrtFunction function, MemorySegment a, int b) {
        try {
            check(function, (MemorySegment) A_AI.invokeExact(address(function), a, b));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(OrtFunction function, MemorySegment a, MemorySegment b, long c) {
        try {
            check(function, (MemorySegment) A_AAL.invokeExact(address(function), a, b, c));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(OrtFunction function, MemorySegment a, MemorySegment b, MemorySegment c, long d) {
        try {
            check(function, (MemorySegment) A_AAAL.invokeExact(address(function), a, b, c, d));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(OrtFunction function, MemorySegment a, long b, MemorySegment c) {
        try {
            check(function, (MemorySegment) A_ALA.invokeExact(address(function), a, b, c));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(OrtFunction function, MemorySegment a, long b, MemorySegment c, MemorySegment d) {
        try {
            check(function, (MemorySegment) A_ALAA.invokeExact(address(function), a, b, c, d));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(OrtFunction function, MemorySegment a, long b, long c, MemorySegment d) {
        try {
            check(function, (MemorySegment) A_ALLA.invokeExact(address(function), a, b, c, d));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(OrtFunction function, MemorySegment a, MemorySegment b, long c, MemorySegment d, long e) {
        try {
            check(function, (MemorySegment) A_AALAL.invokeExact(address(function), a, b, c, d, e));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void call(OrtFunction function, MemorySegment a, MemorySegment b, long c, MemorySegment d, MemorySegment e) {
        try {
            check(function, (MemorySegment) A_AALAA.invokeExact(address(function), a, b, c, d, e));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void call(
            OrtFunction function,
            MemorySegment a,
            MemorySegment b,
            long c,
            MemorySegment d,
            MemorySegment e,
            MemorySegment f) {
        try {
            check(function, (MemorySegment) A_AALAAA.invokeExact(address(function), a, b, c, d, e, f));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void call(OrtFunction function, MemorySegment a, MemorySegment b, long c, int d, MemorySegment e) {
        try {
            check(function, (MemorySegment) A_AALIA.invokeExact(address(function), a, b, c, d, e));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void call(
            OrtFunction function,
            MemorySegment a,
            MemorySegment b,
            long c,
            MemorySegment d,
            long e,
            int f,
            MemorySegment g) {
        try {
            check(function, (MemorySegment) A_AALALIA.invokeExact(address(function), a, b, c, d, e, f, g));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void call(OrtFunction function, int a, MemorySegment b, MemorySegment c) {
        try {
            check(function, (MemorySegment) A_IAA.invokeExact(address(function), a, b, c));
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(OrtFunction function, MemorySegment a, int b, int c, int d, MemorySegment e) {
        try {
            check(function, (MemorySegment) A_AIIIA.invokeExact(address(function), a, b, c, d, e));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** For the functions which return nothing: they cannot fail. */
    void invoke(OrtFunction function, MemorySegment a) {
        try {
            V_A.invokeExact(address(function), a);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void invoke(OrtFunction function, MemorySegment a, MemorySegment b) {
        try {
            V_AA.invokeExact(address(function), a, b);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    boolean test(OrtFunction function, MemorySegment a) {
        try {
            return (boolean) Z_A.invokeExact(address(function), a);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** Ties a native object to an arena, which releases it when it closes. */
    MemorySegment own(Arena arena, MemorySegment object, OrtFunction release) {
        return own(arena, object, pointer -> invoke(release, pointer));
    }

    static MemorySegment own(Arena arena, MemorySegment object, Consumer<MemorySegment> release) {
        try {
            return object.reinterpret(arena, release);
        } catch (IllegalStateException | WrongThreadException unusable) {
            release.accept(object);
            throw unusable;
        }
    }

    private void check(OrtFunction function, MemorySegment status) throws Throwable {
        if (status.address() == 0) {
            return;
        }
        int code = (int) I_A.invokeExact(address(OrtFunction.GET_ERROR_CODE), status);
        MemorySegment text = (MemorySegment) A_A.invokeExact(address(OrtFunction.GET_ERROR_MESSAGE), status);
        OnnxException failure = new OnnxException(function.name(), code, CStrings.read(text));
        invoke(OrtFunction.RELEASE_STATUS, status);
        throw failure;
    }

    private MemorySegment address(OrtFunction function) {
        MemorySegment address = addresses[function.index()];
        if (address == null) {
            address = table.getAtIndex(ADDRESS, function.index());
            addresses[function.index()] = address;
        }
        return address;
    }

    private static MethodHandle status(MemoryLayout... arguments) {
        return LINKER.downcallHandle(FunctionDescriptor.of(ADDRESS, arguments));
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        // A downcall throws nothing checked: what is left comes from check, or from an arena that is closed.
        return (RuntimeException) failure;
    }
}
