package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime in this process: its library, its environment and how many threads work for a session. Safe for many
 * threads.
 *
 * <p>Microsoft's own Java API, if a test uses it in the same process, shares our copy of the library and its environment:
 * open this first.
 */
public final class OnnxRuntime implements AutoCloseable {
    // ONNX Runtime has one environment in a process, so what we know of it is static as well. Guarded by LOCK.
    private static final Object LOCK = new Object();
    private static @Nullable OrtLibrary library;

    /** {@code ORT_LOGGING_LEVEL_FATAL}: errors come back as statuses and are thrown, a line on stderr would say them twice. */
    private static final int LOG_LEVEL = 4;

    private static final int DEVICE_ALLOCATOR = 0;
    private static final int DEFAULT_MEMORY = 0;

    private final String version;
    private final OrtApi api;
    private final int intraOpThreads;
    private final Handle environment;
    private final MemorySegment hostMemory;
    private final MemorySegment allocator;
    private final DeadlineWatch deadlines = new DeadlineWatch();

    private OnnxRuntime(OrtLibrary library, int intraOpThreads) {
        version = library.version();
        api = library.api();
        this.intraOpThreads = intraOpThreads;
        environment = new Handle(api, "runtime", createEnvironment(api), OrtFunction.RELEASE_ENV);
        hostMemory = memoryInfo(environment, "Cpu", 0);
        allocator = defaultAllocator(api);
    }

    /** Keeps the library's file in the folder named by {@code tern.native.cache}, or in the system's temporary one. */
    public static OnnxRuntime open(int intraOpThreads) {
        return open(intraOpThreads, OrtNatives.defaultCache());
    }

    /**
     * Several may be open: they share one environment.
     *
     * @param intraOpThreads how many threads share the work of one operator of a session, the caller's among them
     * @param cache folder for the library's file
     * @throws IllegalStateException if the library is missing or is not the expected release
     */
    public static OnnxRuntime open(int intraOpThreads, Path cache) {
        if (intraOpThreads < 1) {
            throw new IllegalArgumentException("intraOpThreads: " + intraOpThreads + " (expected: >= 1)");
        }
        synchronized (LOCK) {
            OrtLibrary loaded = library == null ? OrtLibrary.load(OrtNatives.extract(cache)) : library;
            library = loaded;
            return new OnnxRuntime(loaded, intraOpThreads);
        }
    }

    /** {@code 1.29.0} */
    public String version() {
        return version;
    }

    /** What the library was built with: {@code CPUExecutionProvider}, ... That it runs here too is another question. */
    public List<String> providers() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            MemorySegment count = arena.allocate(JAVA_INT);
            environment.requireOpen();
            api.call(OrtFunction.GET_AVAILABLE_PROVIDERS, out, count);
            int size = count.get(JAVA_INT, 0);
            MemorySegment array = out.get(ADDRESS, 0);
            MemorySegment names = array.reinterpret(size * ADDRESS.byteSize());
            List<String> providers = new ArrayList<>();
            for (int index = 0; index < size; index++) {
                providers.add(CStrings.read(names.getAtIndex(ADDRESS, index)));
            }
            api.call(OrtFunction.RELEASE_AVAILABLE_PROVIDERS, array, size);
            return List.copyOf(providers);
        }
    }

    /** Whether this library has the CUDA provider and can load it: the CPU jar's answers "not enabled in this build". */
    public boolean cudaAvailable() {
        environment.requireOpen();
        return CudaOptions.available(api);
    }

    /** @throws io.tern.base.TernException INVALID_ARGUMENT if it is no model that this ONNX Runtime can load */
    public Session load(Path model, SessionConfig config) {
        return new SessionLoader(this, config, null).load(model);
    }

    /** The bytes are only read during the call. */
    public Session load(byte[] model, SessionConfig config) {
        return new SessionLoader(this, config, null).load(model);
    }

    /** With these weights in the place of the model's own of the same names. */
    public Session load(Path model, SessionConfig config, SharedWeights weights) {
        return new SessionLoader(this, config, weights).load(model);
    }

    /** With these weights in the place of the model's own of the same names. */
    public Session load(byte[] model, SessionConfig config, SharedWeights weights) {
        return new SessionLoader(this, config, weights).load(model);
    }

    /** @throws IllegalStateException while sessions are open */
    @Override
    public void close() {
        synchronized (LOCK) {
            if (environment.isOpen()) {
                environment.close();
                deadlines.close();
            }
        }
    }

    OrtApi api() {
        return api;
    }

    int intraOpThreads() {
        return intraOpThreads;
    }

    Handle environment() {
        return environment;
    }

    /** {@code OrtMemoryInfo} of ordinary memory. */
    MemorySegment hostMemory() {
        environment.requireOpen();
        return hostMemory;
    }

    /** {@code OrtAllocator} of ORT's own; never freed. */
    MemorySegment allocator() {
        return allocator;
    }

    DeadlineWatch deadlines() {
        return deadlines;
    }

    /** {@code OrtMemoryInfo} of a device's memory, which lives as long as its owner. */
    static MemorySegment memoryInfo(Handle owner, String device, int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            MemorySegment name = arena.allocateFrom(device);
            owner.api().call(OrtFunction.CREATE_MEMORY_INFO, name, DEVICE_ALLOCATOR, index, DEFAULT_MEMORY, out);
            return owner.attach(out.get(ADDRESS, 0), OrtFunction.RELEASE_MEMORY_INFO);
        }
    }

    private static MemorySegment createEnvironment(OrtApi api) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            api.call(OrtFunction.CREATE_ENV, LOG_LEVEL, arena.allocateFrom("tern"), out);
            return out.get(ADDRESS, 0);
        }
    }

    private static MemorySegment defaultAllocator(OrtApi api) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            api.call(OrtFunction.GET_ALLOCATOR_WITH_DEFAULT_OPTIONS, out);
            return out.get(ADDRESS, 0);
        }
    }
}
